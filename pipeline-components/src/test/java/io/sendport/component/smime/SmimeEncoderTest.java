package io.sendport.component.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.HostServices;
import io.sendport.api.component.MailOpener;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Workspace;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Settings;
import io.sendport.component.mime.Scopes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmimeEncoderTest {

    @TempDir
    private static Path keys;

    private static final Entity PLAIN = new Entity(
            HeaderFields.none().plus("Content-Type", "multipart/mixed; boundary=\"b\""),
            Body.of(
                    "--b\r\nContent-Type: text/plain\r\n\r\n.hello\r\n--b\r\nContent-Disposition: attachment; filename=\"f.xml\"\r\n"
                            + "Content-Transfer-Encoding: base64\r\n\r\nPGEvPg==\r\n--b--\r\n",
                    StandardCharsets.US_ASCII));

    @BeforeAll
    static void makeKeys() throws Exception {
        Files.createDirectories(keys.resolve("certs"));
        key("billing", "billing@corp.example", "digitalSignature", "365");
        key("customer", "accounts@customer.example", "keyEncipherment", "365");
        key("signonly", "signonly@customer.example", "digitalSignature", "365");
        for (String name : List.of("customer", "signonly")) {
            keytool(
                    "-exportcert",
                    "-rfc",
                    "-keystore",
                    keys.resolve(name + ".p12").toString(),
                    "-storepass",
                    "secret",
                    "-alias",
                    name,
                    "-file",
                    keys.resolve("certs/" + name + ".pem").toString());
        }
        keytool(
                "-exportcert",
                "-rfc",
                "-keystore",
                keys.resolve("billing.p12").toString(),
                "-storepass",
                "secret",
                "-alias",
                "billing",
                "-file",
                keys.resolve("billing.pem").toString());
    }

    private static void key(String alias, String address, String usage, String days) throws Exception {
        keytool(
                "-genkeypair",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.resolve(alias + ".p12").toString(),
                "-storepass",
                "secret",
                "-alias",
                alias,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                days,
                "-dname",
                "CN=" + alias,
                "-ext",
                "SAN=email:" + address,
                "-ext",
                "KeyUsage=" + usage);
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static Settings settings(String signature, boolean encrypt, String... more) {
        Map<String, String> attributes = new HashMap<>(Map.of(
                "signature",
                signature,
                "signingKey",
                "billing.p12",
                "signingKeyPassword",
                "secret",
                "encrypt",
                Boolean.toString(encrypt),
                "recipientCertificates",
                "certs"));
        for (int i = 0; i < more.length; i += 2) {
            attributes.put(more[i], more[i + 1]);
        }
        return Scopes.element(keys, "smime", attributes);
    }

    private static Entity encode(Settings settings, Clock clock, String... recipients) throws Exception {
        return new SmimeFactory().create(settings, services(clock)).encode(PLAIN, scope(recipients));
    }

    private static HostServices services(Clock clock) {
        return new HostServices() {
            @Override
            public String host() {
                return "Test";
            }

            @Override
            public Clock clock() {
                return clock;
            }

            @Override
            public Optional<Identity> identity() {
                return Optional.empty();
            }

            @Override
            public <T> Optional<T> find(Class<T> type) {
                return Optional.empty();
            }
        };
    }

    private static EncodeScope scope(String... recipients) {
        return new EncodeScope() {
            @Override
            public MessageId messageId() {
                return new MessageId("6f0c2b1e-0000-4000-8000-000000000001");
            }

            @Override
            public Instant submittedAt() {
                return Instant.EPOCH;
            }

            @Override
            public Optional<MailAddress> author() {
                return Optional.empty();
            }

            @Override
            public List<MailAddress> recipients() {
                return java.util.Arrays.stream(recipients)
                        .map(MailAddress::parse)
                        .toList();
            }

            @Override
            public HeaderFields header() {
                return HeaderFields.none();
            }

            @Override
            public void record(String name, String value) {
                assertThat(name + value).doesNotContain("secret");
            }

            @Override
            public String port() {
                return "Test";
            }

            @Override
            public Workspace workspace() {
                return Scopes.MEMORY;
            }
        };
    }

    private static Path written(Entity entity) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HeaderFields.none()
                .plus("From", "billing@corp.example")
                .plus("MIME-Version", "1.0")
                .writeTo(out);
        entity.writeTo(out);
        Path file = Files.createTempFile(keys, "mail", ".eml");
        Files.write(file, out.toByteArray());
        return file;
    }

    @ParameterizedTest
    @CsvSource({"clear,true", "opaque,true", "clear,false", "opaque,false", "none,true"})
    void isOpenedByAnIndependentReader(String signature, boolean encrypt) throws Exception {
        Path mail = written(encode(settings(signature, encrypt), Clock.systemUTC(), "accounts@customer.example"));
        MailOpener.Opened opened = new SmimeOpener().open(mail, keys.resolve("customer.p12"), "secret".toCharArray());
        assertThat(opened.files().get("f.xml")).isEqualTo("<a/>".getBytes(StandardCharsets.US_ASCII));
        assertThat(opened.signer()).isEqualTo(signature.equals("none") ? "" : "CN=billing");
        if (openssl()) {
            readWithOpenssl(mail, signature, encrypt);
        }
    }

    private static boolean openssl() {
        try {
            return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
        } catch (Exception e) {
            Skipped.note("openssl is not installed, S/MIME was read by the independent reader alone");
            return false;
        }
    }

    private static void readWithOpenssl(Path mail, String signature, boolean encrypt) throws Exception {
        Path current = mail;
        if (encrypt) {
            Path pem = keys.resolve("customer-key.pem");
            run(
                    "openssl",
                    "pkcs12",
                    "-in",
                    keys.resolve("customer.p12").toString(),
                    "-passin",
                    "pass:secret",
                    "-nodes",
                    "-out",
                    pem.toString());
            Path opened = Files.createTempFile(keys, "opened", ".eml");
            run(
                    "openssl",
                    "cms",
                    "-decrypt",
                    "-in",
                    current.toString(),
                    "-inkey",
                    pem.toString(),
                    "-recip",
                    keys.resolve("certs/customer.pem").toString(),
                    "-out",
                    opened.toString());
            current = opened;
        }
        if (!signature.equals("none")) {
            Path content = Files.createTempFile(keys, "content", ".eml");
            run(
                    "openssl",
                    "cms",
                    "-verify",
                    "-in",
                    current.toString(),
                    "-CAfile",
                    keys.resolve("billing.pem").toString(),
                    "-purpose",
                    "any",
                    "-out",
                    content.toString());
            current = content;
        }
        assertThat(Files.readString(current)).contains(".hello").contains("PGEvPg==");
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + "\n" + said)
                .isZero();
    }

    @Test
    void encryptsToNobodyWhenOneRecipientHasNoCertificate() {
        assertThatThrownBy(() -> encode(
                        settings("none", true),
                        Clock.systemUTC(),
                        "accounts@customer.example",
                        "other@customer.example"))
                .isInstanceOf(SmimeException.class)
                .hasMessageContaining("no certificate for other@customer.example");
    }

    @Test
    void refusesACertificateThatIsNotMadeForEncryption() {
        assertThatThrownBy(() -> encode(settings("none", true), Clock.systemUTC(), "signonly@customer.example"))
                .hasMessageContaining("key usage lacks keyEncipherment");
    }

    @Test
    void refusesExpiredCertificatesAndKeys() {
        Clock later = Clock.offset(Clock.systemUTC(), java.time.Duration.ofDays(400));
        assertThatThrownBy(() -> encode(settings("none", true), later, "accounts@customer.example"))
                .hasMessageContaining("expired on");
        assertThatThrownBy(() -> encode(settings("clear", false), later, "accounts@customer.example"))
                .hasMessageContaining("expired on");
    }

    @Test
    void noticesACertificateThatComesLater() throws Exception {
        Path folder = Files.createDirectory(keys.resolve("later"));
        SmimeEncoder encoder = new SmimeFactory()
                .create(settings("none", true, "recipientCertificates", "later"), services(Clock.systemUTC()));
        assertThatThrownBy(() -> encoder.encode(PLAIN, scope("accounts@customer.example")))
                .isInstanceOf(SmimeException.class);
        Files.copy(keys.resolve("certs/customer.pem"), folder.resolve("customer.pem"));
        assertThat(encoder.encode(PLAIN, scope("accounts@customer.example"))
                        .header()
                        .first("Content-Type")
                        .orElseThrow())
                .contains("enveloped-data");
    }

    @Test
    void tellsWhatIsWrongWithItsSettingsAndNoPassword() {
        SmimeFactory factory = new SmimeFactory();
        assertThat(factory.check(settings("clear", true), services(Clock.systemUTC())))
                .isEmpty();
        assertThat(factory.check(settings("loud", false), services(Clock.systemUTC()))
                        .toString())
                .contains("expected none, clear or opaque");
        assertThat(factory.check(settings("none", false), services(Clock.systemUTC()))
                        .toString())
                .contains("neither signs nor encrypts");
        assertThat(factory.check(
                                settings("clear", false, "signingKeyPassword", "wrong-canary"),
                                services(Clock.systemUTC()))
                        .toString())
                .contains("can't be opened")
                .doesNotContain("wrong-canary");
        assertThat(factory.check(
                                settings("none", true, "recipientCertificates", "nowhere"), services(Clock.systemUTC()))
                        .toString())
                .contains("there is no folder");
    }

    @Test
    void tamperingWithASignedMailIsFound() throws Exception {
        Path mail = written(encode(settings("clear", false), Clock.systemUTC(), "accounts@customer.example"));
        Files.writeString(mail, Files.readString(mail).replace(".hello", ".hallo"));
        assertThatThrownBy(() -> new SmimeOpener().open(mail, keys.resolve("customer.p12"), "secret".toCharArray()))
                .isInstanceOf(java.io.IOException.class);
    }
}
