package io.sendport.component.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.component.MailOpener;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.component.smime.keys.Certificates;
import io.sendport.component.smime.keys.SmimeException;
import io.sendport.testing.Deep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmimeEncoderTest {

    private static final String CUSTOMER = "accounts@customer.example";
    private static final Entity PLAIN = new Entity(
            HeaderFields.none().plus("Content-Type", "multipart/mixed; boundary=\"b\""),
            Body.of(
                    "--b\r\nContent-Type: text/plain\r\n\r\n.hello\r\n--b\r\nContent-Disposition: attachment; filename=\"f.xml\"\r\n"
                            + "Content-Transfer-Encoding: base64\r\n\r\nPGEvPg==\r\n--b--\r\n",
                    StandardCharsets.US_ASCII));

    @TempDir
    private static Path folder;

    private static Pki.Id root;
    private static Pki.Id billing;
    private static Pki.Id customer;
    private static Pki.Id other;

    @BeforeAll
    static void makeKeys() throws Exception {
        root = Pki.root("CN=Corp CA");
        root.pem(folder.resolve("ca.pem"));
        billing = Pki.person(
                root, "billing@corp.example", "RSA", Pki.usage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        billing.pkcs12(folder.resolve("billing.p12"));
        Files.createDirectories(folder.resolve("certs"));
        customer = Pki.person(root, CUSTOMER, "RSA", Pki.usage(KeyUsage.keyEncipherment));
        customer.pem(folder.resolve("certs/customer.pem"));
        customer.keyPem(folder.resolve("customer.key"));
        customer.pkcs12(folder.resolve("customer.p12"));
        other = Pki.person(root, "other@customer.example", "P-256");
        other.pem(folder.resolve("certs/other.pem"));
        Pki.person(root, "ed@corp.example", "Ed25519").pkcs12(folder.resolve("second.p12"));
    }

    private static String[] settings(String signature, boolean encrypt, String... more) {
        List<String> all = new java.util.ArrayList<>(List.of("signature", signature));
        if (!signature.equals("none")) {
            all.addAll(List.of("signingKey", "billing.p12", "signingKeyPassword", "secret"));
        }
        if (encrypt) {
            all.addAll(List.of("encrypt", "true", "recipientCertificates", "certs"));
        }
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static byte[] mail(String[] settings, String... recipients) throws Exception {
        Office office = new Office(folder);
        return office.mail(office.encoder(settings), PLAIN, recipients);
    }

    private static String problems(String... settings) {
        Office office = new Office(folder);
        return new SmimeFactory().check(office.settings(settings), office).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "sign-encrypt,enveloped-data multipart/signed",
        "encrypt-sign,multipart/signed enveloped-data",
        "triple,multipart/signed enveloped-data multipart/signed"
    })
    void signsAndEncryptsInTheConfiguredOrder(String order, String layers) throws Exception {
        Reader reader = Reader.open(mail(settings("clear", true, "order", order), CUSTOMER), customer.key());
        assertThat(String.join(" ", reader.layers)).isEqualTo(layers);
        assertThat(reader.content).isEqualTo(Office.bytes(PLAIN));
    }

    @Test
    void compressesBeforeAnythingElse() throws Exception {
        Reader reader = Reader.open(mail(settings("opaque", true, "compress", "true"), CUSTOMER), customer.key());
        assertThat(reader.layers).containsExactly("enveloped-data", "signed-data", "compressed-data");
        assertThat(reader.content).isEqualTo(Office.bytes(PLAIN));
    }

    @Test
    void signsWithSeveralKeysSideBySide() throws Exception {
        Files.writeString(folder.resolve("two.xml"), "");
        io.sendport.api.settings.Settings one = new Office(folder).settings(settings("clear", false));
        io.sendport.api.settings.Settings signer = new io.sendport.api.settings.Settings(
                "signer",
                one.origin(),
                new Office(folder)
                        .settings("signingKey", "second.p12", "signingKeyPassword", "secret")
                        .attributes(),
                List.of(),
                "");
        Office office = new Office(folder);
        SmimeEncoder encoder = new SmimeFactory()
                .create(
                        new io.sendport.api.settings.Settings(
                                "smime", one.origin(), one.attributes(), List.of(signer), ""),
                        office);
        byte[] mail = office.mail(encoder, PLAIN, CUSTOMER);
        assertThat(Reader.open(mail).signers).hasSize(2);
        assertThat(new String(mail, StandardCharsets.US_ASCII)).contains("micalg=\"sha-256,sha-512\"");
        assertThat(office.records.get("smime.signature")).isEqualTo("clear RSA SHA-256, Ed25519");
    }

    @Test
    void encryptsToEveryRecipientTheSenderAndTheArchive() throws Exception {
        Pki.Id archive = Pki.person(root, "archive@corp.example", "X25519");
        archive.pem(folder.resolve("archive.pem"));
        byte[] mail = mail(
                settings("clear", true, "archiveCertificate", "archive.pem", "encryptToSender", "true"),
                CUSTOMER,
                "other@customer.example");
        for (Pki.Id reader : List.of(customer, other, archive, billing)) {
            assertThat(Reader.open(mail, reader.key()).content).isEqualTo(Office.bytes(PLAIN));
        }
    }

    @Test
    void recordsTheAlgorithmsAndCertificatesItUsed() throws Exception {
        Office office = new Office(folder);
        office.mail(office.encoder(settings("clear", true, "profile", "rfc8551")), PLAIN, CUSTOMER);
        assertThat(office.records)
                .containsEntry("smime.profile", "rfc8551")
                .containsEntry("smime.signature", "clear RSASSA-PSS SHA-256")
                .containsEntry("smime.encryption", "aes256-gcm, RSAES-OAEP")
                .containsEntry("smime.signer", Certificates.identify(billing.certificate()))
                .containsEntry("smime.recipients", Certificates.identify(customer.certificate()))
                .containsKey("smime.provider");
        assertThat(office.records.toString()).doesNotContain("secret");
    }

    @Test
    void acceptsBizTalkSettings() throws Exception {
        Office office = new Office(folder);
        byte[] mail = office.mail(
                office.encoder(
                        "profile",
                        "biztalk-compatible",
                        "SignatureType",
                        "2",
                        "EnableEncryption",
                        "true",
                        "EncryptionAlgorithm",
                        "0",
                        "AddSigningCertToMessage",
                        "true",
                        "ContentTransferEncoding",
                        "base64",
                        "SendBodyPartAsAttachment",
                        "true",
                        "signingKey",
                        "billing.p12",
                        "signingKeyPassword",
                        "secret",
                        "recipientCertificates",
                        "certs"),
                new Entity(
                        HeaderFields.none().plus("Content-Type", "text/xml"),
                        Body.of("<a/>", StandardCharsets.US_ASCII)),
                CUSTOMER);
        assertThat(office.records)
                .containsEntry("smime.signature", "opaque RSA SHA-1")
                .containsEntry("smime.encryption", "3des, RSA");
        Reader reader = Reader.open(mail, customer.key());
        assertThat(new String(reader.content, StandardCharsets.US_ASCII)).contains("Content-Disposition: attachment");
        assertThat(problems("SignatureType", "3", "signature", "clear", "EncryptionAlgorithm", "1"))
                .contains("which is also set")
                .contains("single DES can be broken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3des", "rc2", "aes128-cbc"})
    void supportsLegacyCiphersOnlyInTheBizTalkProfile(String cipher) throws Exception {
        String[] settings = settings("opaque", true, "profile", "biztalk-compatible", "encryption", cipher);
        byte[] mail = mail(settings, CUSTOMER);
        assertThat(Reader.open(mail, customer.key()).content).isEqualTo(Office.bytes(PLAIN));
        if (Openssl.isFound()) {
            byte[] opened = Openssl.decrypt(
                    folder,
                    mail,
                    folder.resolve("customer.key"),
                    folder.resolve("certs/customer.pem"),
                    "-provider",
                    "legacy",
                    "-provider",
                    "default");
            assertThat(Openssl.verify(folder, opened, folder.resolve("ca.pem"))).isEqualTo(Office.bytes(PLAIN));
        }
        assertThat(problems(settings)).contains("warning").contains("SHA-1 signatures can be forged");
        if (!cipher.startsWith("aes")) {
            assertThat(problems(settings("none", true, "encryption", cipher)))
                    .contains("or profile=\"biztalk-compatible\"");
        }
    }

    @Test
    void failsWhenOneRecipientHasNoCertificate() {
        assertThatThrownBy(() -> mail(settings("none", true), CUSTOMER, "nobody@customer.example"))
                .isInstanceOf(SmimeException.class)
                .hasMessageContaining("no certificate for nobody@customer.example");
    }

    @Test
    void omitsRecipientsWithoutACertificateWhenConfigured() throws Exception {
        Office office = new Office(folder);
        SmimeEncoder encoder = office.encoder(settings("none", true, "missingCertificate", "skip"));
        byte[] mail = office.mail(encoder, PLAIN, CUSTOMER, "nobody@customer.example");
        assertThat(office.leftOut).containsOnlyKeys(MailAddress.parse("nobody@customer.example"));
        assertThat(office.leftOut.toString()).contains("no certificate for nobody@customer.example");
        assertThat(Reader.open(mail, customer.key()).content).isEqualTo(Office.bytes(PLAIN));
    }

    @Test
    void refusesExpiredKeys() {
        Office later = new Office(folder, Clock.offset(Clock.systemUTC(), Duration.ofDays(400)));
        assertThatThrownBy(() -> later.mail(later.encoder(settings("clear", false)), PLAIN, CUSTOMER))
                .hasMessageContaining("expired on");
    }

    @Test
    void findsCertificatesAddedLater() throws Exception {
        Path later = Files.createDirectory(folder.resolve("later"));
        Office office = new Office(folder);
        SmimeEncoder encoder = office.encoder(settings("none", true, "recipientCertificates", "later"));
        assertThatThrownBy(() -> office.encode(encoder, PLAIN, CUSTOMER)).isInstanceOf(SmimeException.class);
        customer.pem(later.resolve("customer.pem"));
        assertThat(office.encode(encoder, PLAIN, CUSTOMER).header().first("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).contains("enveloped-data"));
    }

    @Test
    void keepsThePreviousKeyWhenAReplacementCannotBeRead() throws Exception {
        Path key = folder.resolve("replaced.pem");
        Files.writeString(
                key,
                Pki.pem("PRIVATE KEY", billing.key().getEncoded())
                        + Pki.pem(root.certificate())
                        + Pki.pem(billing.certificate()));
        Office office = new Office(folder);
        SmimeEncoder encoder = office.encoder("signature", "clear", "signingKey", "replaced.pem");
        assertThat(Reader.open(office.mail(encoder, PLAIN, CUSTOMER)).signers).hasSize(1);
        // A key beside somebody else's certificate.
        Files.writeString(key, Pki.pem("PRIVATE KEY", customer.key().getEncoded()) + Pki.pem(billing.certificate()));
        Files.setLastModifiedTime(key, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(Reader.open(office.mail(encoder, PLAIN, CUSTOMER)).signers).hasSize(1);
        Files.delete(key);
        assertThat(Reader.open(office.mail(encoder, PLAIN, CUSTOMER)).signers).hasSize(1);
    }

    @Test
    void encryptsToTheCurrentCertificateOfTheSender() throws Exception {
        Path key = folder.resolve("own.p12");
        Pki.Id first = Pki.person(root, "own@corp.example", "RSA");
        first.pkcs12(key);
        Office office = new Office(folder);
        SmimeEncoder encoder = office.encoder(
                "signature",
                "clear",
                "signingKey",
                "own.p12",
                "signingKeyPassword",
                "secret",
                "encrypt",
                "true",
                "recipientCertificates",
                "certs",
                "encryptToSender",
                "true");
        assertThat(Reader.open(office.mail(encoder, PLAIN, CUSTOMER), first.key()).content)
                .isEqualTo(Office.bytes(PLAIN));
        Pki.Id second = Pki.person(root, "own@corp.example", "RSA");
        second.pkcs12(key);
        Files.setLastModifiedTime(key, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(Reader.open(office.mail(encoder, PLAIN, CUSTOMER), second.key()).content)
                .isEqualTo(Office.bytes(PLAIN));
    }

    @Test
    void reportsIneffectiveAndInvalidSettings() {
        assertThat(problems(
                        "signature",
                        "clear",
                        "signingKey",
                        "billing.p12",
                        "signingKeyPassword",
                        "secret",
                        "archiveCertificate",
                        "ca.pem"))
                .contains("has no effect, because nothing is encrypted");
        assertThat(problems(settings("none", true, "revocationTimeout", "PT0S")))
                .contains("is not positive");
        assertThatThrownBy(() -> new Office(folder)
                        .encoder(
                                "EnableEncryption",
                                "yes",
                                "signature",
                                "clear",
                                "signingKey",
                                "billing.p12",
                                "signingKeyPassword",
                                "secret"))
                .isInstanceOf(SmimeException.class)
                .hasMessageContaining("is not a valid value");
    }

    @Test
    void reportsInvalidSettingsWithoutRevealingThePassword() {
        assertThat(problems(settings("clear", true, "trustStore", "ca.pem"))).isEqualTo("[]");
        assertThat(problems(settings("clear", true))).contains("warning").contains("can add readers");
        assertThat(problems(settings("loud", false))).contains("expected none, clear, opaque");
        assertThat(problems(settings("none", false))).contains("neither signs nor encrypts");
        assertThat(problems(settings("clear", false, "signingKeyPassword", "wrong-canary")))
                .contains("cannot be opened")
                .doesNotContain("wrong-canary");
        assertThat(problems(settings("none", true, "recipientCertificates", "nowhere")))
                .contains("does not exist");
        assertThat(problems(settings("clear", false, "headerProtection", "encrypt")))
                .contains("cannot hide a header without encryption");
        assertThat(problems(settings("clear", true, "revocation", "hard")))
                .contains("cannot be checked without knowing the issuers");
        assertThat(problems(settings("clear", false, "digest", "sha1"))).contains("SHA-1 signatures can be forged");
    }

    @Test
    void warnsOfCertificatesThatExpireSoon() throws Exception {
        Pki.make(
                        root,
                        "CN=soon",
                        Pki.keys("P-256"),
                        Duration.ofDays(-1),
                        Duration.ofDays(20),
                        null,
                        Pki.address("soon@corp.example"))
                .pkcs12(folder.resolve("soon.p12"));
        assertThat(problems("signature", "clear", "signingKey", "soon.p12", "signingKeyPassword", "secret"))
                .contains("warning")
                .contains("CN=soon")
                .contains("expires on");
    }

    /** One byte changed in each of many places of what was sent: nobody is shown the changed mail as if it were good. */
    @ParameterizedTest
    @CsvSource({"clear,none", "opaque,none", "none,aes256-gcm"})
    void detectsTamperingAtAnyPosition(String signature, String cipher) throws Exception {
        boolean encrypts = !cipher.equals("none");
        byte[] mail =
                mail(encrypts ? settings(signature, true, "encryption", cipher) : settings(signature, false), CUSTOMER);
        byte[] wanted = Office.bytes(PLAIN);
        int start = new String(mail, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        Random random = new Random(7);
        int shown = 0;
        for (int i = 0; i < Deep.times(300, 1_000); i++) {
            byte[] changed = mail.clone();
            int at = start + random.nextInt(changed.length - start);
            changed[at] = (byte) (changed[at] == 'A' ? 'B' : 'A');
            try {
                byte[] content = Reader.open(changed, customer.key()).content;
                // What is not signed, such as the boundary's own line, may change without changing what is read.
                shown += java.util.Arrays.equals(content, wanted) ? 0 : 1;
            } catch (Exception e) {
                assertThat(e).isNotNull();
            }
        }
        assertThat(shown).as("changed mails shown as good").isZero();
    }

    @Test
    void producesMailThatTheDemoCanOpen() throws Exception {
        Path file = Files.write(folder.resolve("demo.eml"), mail(settings("clear", true), CUSTOMER));
        MailOpener.Opened opened = new SmimeOpener().open(file, folder.resolve("customer.p12"), "secret".toCharArray());
        assertThat(opened.files().get("f.xml")).isEqualTo("<a/>".getBytes(StandardCharsets.US_ASCII));
        assertThat(opened.signer()).contains("billing@corp.example");
    }
}
