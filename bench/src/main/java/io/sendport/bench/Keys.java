package io.sendport.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Keys for S/MIME, made with the JDK's keytool. */
final class Keys {

    private static final String PASSWORD = "benchmark";

    private final Path folder;

    /** Made in {@code folder}: a signer's, and a recipient's with its certificate. */
    Keys(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        keytool(
                folder,
                "-genkeypair",
                "-alias",
                "signer",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=Bench",
                "-ext",
                "san=email:a@corp.example",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                "signer.p12",
                "-storepass",
                PASSWORD);
        keytool(
                folder,
                "-genkeypair",
                "-alias",
                "recipient",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=Recipient",
                "-ext",
                "san=email:b1@customer.example",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                "recipient.p12",
                "-storepass",
                PASSWORD);
        java.nio.file.Files.createDirectories(folder.resolve("recipients"));
        keytool(
                folder,
                "-exportcert",
                "-rfc",
                "-alias",
                "recipient",
                "-keystore",
                "recipient.p12",
                "-storepass",
                PASSWORD,
                "-file",
                "recipients/recipient.pem");
    }

    /** The attributes of {@code smime} that sign. */
    String signing() {
        return " signature='clear' signingKey='" + folder.resolve("signer.p12") + "' signingKeyPassword='" + PASSWORD
                + "'";
    }

    /** The attributes of {@code smime} that encrypt. */
    String encrypting() {
        return " encrypt='true' recipientCertificates='" + folder.resolve("recipients") + "'";
    }

    private static void keytool(Path folder, String... arguments) throws IOException, InterruptedException {
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(java.util.List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(command + " failed: " + said);
        }
    }
}
