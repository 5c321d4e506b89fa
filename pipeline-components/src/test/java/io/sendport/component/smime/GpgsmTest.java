package io.sendport.component.smime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;
import io.sendport.testing.Skipped;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A set that stands for the rest, read by gpgsm where it is installed; it knows neither GCM nor OAEP nor curves. */
class GpgsmTest {

    private static final String CUSTOMER = "accounts@customer.example";
    private static final Entity PLAIN = new Entity(
            HeaderFields.none().plus("Content-Type", "text/plain"),
            Body.of("From here\r\n.there\r\n", StandardCharsets.US_ASCII));

    // Its agent's socket must have a short name.
    @TempDir
    private static Path folder;

    private static boolean found;

    @BeforeAll
    static void makeKeys() throws Exception {
        found = Openssl.isFound() && runs("gpgsm", "--version");
        if (!found) {
            Skipped.note("gpgsm is not installed, S/MIME was read by others only");
            return;
        }
        Pki.Id root = Pki.make(
                null,
                "CN=CA",
                Pki.keys("RSA"),
                java.time.Duration.ofDays(-1),
                java.time.Duration.ofDays(99),
                null,
                Pki.authority());
        Files.writeString(folder.resolve("gpg-agent.conf"), "allow-loopback-pinentry\n");
        Files.writeString(folder.resolve("gpgsm.conf"), "pinentry-mode loopback\nbatch\ndisable-crl-checks\n");
        byte[] print =
                MessageDigest.getInstance("SHA-1").digest(root.certificate().getEncoded());
        Files.writeString(
                folder.resolve("trustlist.txt"),
                HexFormat.of().formatHex(print).toUpperCase(Locale.ROOT) + " S relax\n");
        root.pem(folder.resolve("ca.pem"));
        Pki.Id billing = Pki.person(root, "billing@corp.example", "RSA");
        billing.pkcs12(folder.resolve("billing.p12"));
        billing.pem(folder.resolve("billing.pem"));
        Pki.Id customer = Pki.person(root, CUSTOMER, "RSA");
        customer.pem(Files.createDirectories(folder.resolve("certs")).resolve("customer.pem"));
        customer.keyPem(folder.resolve("customer.key"));
        gpgsm("--import", "ca.pem");
        gpgsm("--import", "billing.pem");
        // gpgsm guesses at what lies in a PKCS#12 file and now and then guesses wrong: another salt makes another file.
        for (int turn = 0; !takesTheCustomersKey(); turn++) {
            assertThat(turn).as("gpgsm refused three PKCS#12 files").isLessThan(2);
        }
    }

    private static boolean takesTheCustomersKey() throws Exception {
        run(List.of(
                "openssl",
                "pkcs12",
                "-export",
                "-legacy",
                "-passout",
                "pass:",
                "-inkey",
                "customer.key",
                "-in",
                "certs/customer.pem",
                "-out",
                "customer.p12"));
        String home = folder.toString();
        return runs(
                "gpgsm", "--homedir", home, "--passphrase-fd", "0", "--import", folder.resolve("customer.p12") + "");
    }

    @AfterAll
    static void stop() throws Exception {
        if (found) {
            run(List.of("gpgconf", "--homedir", folder.toString(), "--kill", "gpg-agent"));
        }
    }

    private static boolean runs(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (Exception e) {
            return false;
        }
    }

    private static String gpgsm(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("gpgsm", "--homedir", folder.toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + "\n" + said)
                .isZero();
        return said;
    }

    private static byte[] cms(byte[] mail) throws Exception {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(mail))
                .getInputStream()
                .readAllBytes();
    }

    @ParameterizedTest
    @CsvSource({"aes128-cbc,sha256", "aes192-cbc,sha384", "aes256-cbc,sha512"})
    void decryptsAndVerifies(String cipher, String digest) throws Exception {
        if (!found) {
            return;
        }
        Office office = new Office(folder);
        byte[] mail = office.mail(
                office.encoder(
                        "signature",
                        "opaque",
                        "signingKey",
                        "billing.p12",
                        "signingKeyPassword",
                        "secret",
                        "digest",
                        digest,
                        "encrypt",
                        "true",
                        "encryption",
                        cipher,
                        "recipientCertificates",
                        "certs"),
                PLAIN,
                CUSTOMER);
        Files.write(folder.resolve("mail.p7m"), cms(mail));
        gpgsm("--passphrase-fd", "0", "--yes", "--output", "opened.eml", "--decrypt", "mail.p7m");
        byte[] signed = cms(Files.readAllBytes(folder.resolve("opened.eml")));
        Files.write(folder.resolve("signed.p7m"), signed);
        assertThat(gpgsm("--yes", "--output", "content.eml", "--verify", "signed.p7m"))
                .contains("Good signature from");
        assertThat(Files.readAllBytes(folder.resolve("content.eml"))).isEqualTo(Office.bytes(PLAIN));
    }
}
