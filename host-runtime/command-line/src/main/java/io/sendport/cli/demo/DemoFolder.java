package io.sendport.cli.demo;

import io.sendport.api.settings.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The folder of a demo: configuration, invoice and keys. The JDK's keytool generates the keys, so that Sendport ships none.
 *
 * @param path the folder
 * @param secret the password of both key files
 */
record DemoFolder(Path path, Secret secret) {

    private static final String BILLING = "billing@corp.example";
    private static final String CUSTOMER = "accounts@customer.example";

    static DemoFolder make() throws IOException, InterruptedException {
        return make("");
    }

    /** Adds ports that each leave their messages in a different state. */
    static DemoFolder withProblemPorts(int forgetfulRelay) throws IOException, InterruptedException {
        return make(new String(resource("demo-troubles.xml"), StandardCharsets.UTF_8)
                .replace("@FORGETFUL@", Integer.toString(forgetfulRelay)));
    }

    private static DemoFolder make(String morePorts) throws IOException, InterruptedException {
        // Always a new folder: keys of an earlier demo have another password.
        Path folder = Files.createTempDirectory("sendport-demo-");
        Files.createDirectories(folder.resolve("keys"));
        Files.createDirectories(folder.resolve("certs"));
        String password = Long.toString(new SecureRandom().nextLong() >>> 1, 36) + "demo";
        Files.writeString(folder.resolve("keys/password"), password);
        DemoFolder made = new DemoFolder(folder, new Secret(password));
        Files.write(made.invoice(), resource("demo-invoice.xml"));
        String config = new String(resource("demo-sendport.xml"), StandardCharsets.UTF_8);
        Files.writeString(
                made.config(),
                config.replace("</sendport>", morePorts + "</sendport>").replace("@FOLDER@", folder.toString()));
        Process billing = keytool(made, "billing", BILLING, "digitalSignature");
        Process customer = keytool(made, "customer", CUSTOMER, "keyEncipherment");
        await(billing);
        await(customer);
        await(start(
                "-exportcert",
                "-rfc",
                "-keystore",
                made.customerKey().toString(),
                "-storepass:file",
                made.passwordFile(),
                "-alias",
                "customer",
                "-file",
                folder.resolve("certs/customer.pem").toString()));
        return made;
    }

    Path config() {
        return path.resolve("sendport.xml");
    }

    Path invoice() {
        return path.resolve("invoice.xml");
    }

    Path customerKey() {
        return path.resolve("keys/customer.p12");
    }

    private String passwordFile() {
        return path.resolve("keys/password").toString();
    }

    private static Process keytool(DemoFolder folder, String alias, String address, String usage) throws IOException {
        return start(
                "-genkeypair",
                "-storetype",
                "PKCS12",
                "-keystore",
                folder.path.resolve("keys/" + alias + ".p12").toString(),
                "-storepass:file",
                folder.passwordFile(),
                "-alias",
                alias,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-sigalg",
                "SHA256withRSA",
                "-validity",
                "365",
                "-dname",
                "CN=" + alias + ", O=Sendport demo",
                "-ext",
                "SAN=email:" + address,
                "-ext",
                "KeyUsage=" + usage,
                "-ext",
                "ExtendedKeyUsage=emailProtection");
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void await(Process process) throws IOException, InterruptedException {
        String output;
        try (InputStream in = process.getInputStream()) {
            output = new String(in.readNBytes(10_000), StandardCharsets.UTF_8);
        }
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool cannot generate the keys of the demo: " + output.strip());
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = DemoFolder.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from this build");
            }
            return in.readAllBytes();
        }
    }
}
