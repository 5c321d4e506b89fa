package io.sendport.component.smime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;
import io.sendport.testing.Deep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of signature with every kind of encryption, each opened by an independent reader and by OpenSSL, compared byte by byte. */
class SmimeMatrixTest {

    private static final List<String> SIGNERS = List.of("none", "RSA", "RSA-pss", "P-256", "P-384", "P-521", "Ed25519");
    private static final List<String> CIPHERS =
            List.of("none", "aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes192-gcm", "aes256-gcm");
    private static final List<String> RECIPIENTS = List.of("RSA", "RSA-oaep", "P-256", "P-384", "P-521", "X25519");
    private static final List<String> BODIES = List.of("ascii", "eight-bit", "attachment", "empty", "large");

    @TempDir
    private static Path folder;

    private static final Map<String, Pki.Id> SIGNING = new LinkedHashMap<>();
    private static final Map<String, Pki.Id> RECEIVING = new LinkedHashMap<>();

    @BeforeAll
    static void makeKeys() throws Exception {
        Pki.Id root = Pki.root("CN=Corp CA");
        root.pem(folder.resolve("ca.pem"));
        Files.createDirectories(folder.resolve("certs"));
        for (String kind : List.of("RSA", "P-256", "P-384", "P-521", "Ed25519", "X25519")) {
            Pki.Id id = Pki.person(root, address(kind), kind);
            if (!kind.equals("X25519")) {
                SIGNING.put(kind, id);
                id.pkcs12(folder.resolve(kind + ".p12"));
            }
            if (!kind.equals("Ed25519")) {
                RECEIVING.put(kind, id);
                id.pem(folder.resolve("certs/" + kind + ".pem"));
                id.keyPem(folder.resolve(kind + ".key"));
            }
        }
    }

    private static String address(String kind) {
        return kind.toLowerCase(java.util.Locale.ROOT) + "@customer.example";
    }

    /** Each signer with each cipher; the kind of recipient, of signature and, unless deep, of body goes round. */
    static Stream<Arguments> combinations() {
        List<Arguments> all = new ArrayList<>();
        int turn = 0;
        for (String signer : SIGNERS) {
            for (String cipher : CIPHERS) {
                if (signer.equals("none") && cipher.equals("none")) {
                    continue;
                }
                for (String body : Deep.isOn() ? BODIES : List.of(BODIES.get(turn % BODIES.size()))) {
                    String recipient = cipher.equals("none") ? "none" : RECIPIENTS.get(turn % RECIPIENTS.size());
                    String signature = signer.equals("none") ? "none" : turn % 2 == 0 ? "clear" : "opaque";
                    all.add(Arguments.of(signature, signer, cipher, recipient, body));
                    turn++;
                }
            }
        }
        return all.stream();
    }

    private static Entity entity(String body, boolean clear) {
        HeaderFields text = HeaderFields.none().plus("Content-Type", "text/plain; charset=utf-8");
        return switch (body) {
            case "ascii" ->
                new Entity(
                        text.plus("Content-Transfer-Encoding", "7bit"),
                        Body.of("From here\r\n.hello \r\n\r\nthere\r\n", StandardCharsets.US_ASCII));
            case "eight-bit" ->
                clear
                        ? new Entity(
                                text.plus("Content-Transfer-Encoding", "quoted-printable"),
                                Body.of("gr=C3=BC=C3=9Fe=20\r\n", StandardCharsets.US_ASCII))
                        : new Entity(
                                text.plus("Content-Transfer-Encoding", "8bit"),
                                Body.of("grüße \r\n", StandardCharsets.UTF_8));
            case "attachment" ->
                new Entity(
                        HeaderFields.none().plus("Content-Type", "multipart/mixed; boundary=\"b\""),
                        Body.of(
                                "--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\nplain\r\n--c\r\nContent-Type: text/html\r\n\r\n"
                                        + "<p>html</p>\r\n--c--\r\n--b\r\nContent-Disposition: attachment; filename=\"f.xml\"\r\n"
                                        + "Content-Transfer-Encoding: base64\r\n\r\nPGEvPg==\r\n--b--\r\n",
                                StandardCharsets.US_ASCII));
            case "empty" -> new Entity(text, Body.EMPTY);
            default -> {
                byte[] bytes = new byte[Deep.times(200_000, 10_000_000)];
                new Random(1).nextBytes(bytes);
                yield new Entity(
                        HeaderFields.none()
                                .plus("Content-Type", "application/octet-stream")
                                .plus("Content-Transfer-Encoding", "base64"),
                        Body.of(Base64.getMimeEncoder().encodeToString(bytes) + "\r\n", StandardCharsets.US_ASCII));
            }
        };
    }

    @ParameterizedTest(name = "{0} by {1}, {2} to {3}, {4}")
    @MethodSource("combinations")
    void otherImplementationsReadTheOriginalContent(
            String signature, String signer, String cipher, String recipient, String body) throws Exception {
        List<String> settings = new ArrayList<>(List.of("signature", signature));
        String key = signer.replace("-pss", "");
        if (!signature.equals("none")) {
            settings.addAll(List.of("signingKey", key + ".p12", "signingKeyPassword", "secret"));
            settings.addAll(
                    List.of("digest", key.equals("P-384") ? "sha384" : key.equals("P-521") ? "sha512" : "sha256"));
            settings.addAll(List.of("rsaSignature", signer.endsWith("-pss") ? "pss" : "pkcs1"));
        }
        String kind = recipient.replace("-oaep", "");
        boolean encrypts = !cipher.equals("none");
        if (encrypts) {
            settings.addAll(List.of("encrypt", "true", "encryption", cipher, "recipientCertificates", "certs"));
            settings.addAll(List.of("rsaEncryption", recipient.endsWith("-oaep") ? "oaep" : "pkcs1"));
        }
        Entity entity = entity(body, signature.equals("clear"));
        Office office = new Office(folder);
        byte[] mail = office.mail(
                office.encoder(settings.toArray(String[]::new)), entity, address(encrypts ? kind : "anyone"));

        byte[] wanted = Office.bytes(entity);
        Reader reader = encrypts ? Reader.open(mail, RECEIVING.get(kind).key()) : Reader.open(mail);
        assertThat(reader.content).isEqualTo(wanted);
        assertThat(reader.signers).hasSize(signature.equals("none") ? 0 : 1);
        if (encrypts) {
            assertThat(reader.layers.get(0))
                    .isEqualTo(cipher.endsWith("gcm") ? "authEnveloped-data" : "enveloped-data");
        }
        byte[] opened = mail;
        if (Openssl.isFound() && !recipient.equals("X25519")) {
            if (encrypts) {
                opened = Openssl.decrypt(
                        folder, opened, folder.resolve(kind + ".key"), folder.resolve("certs/" + kind + ".pem"));
            }
            // OpenSSL 3.0 knows Ed25519, but not inside CMS.
            if (!signature.equals("none") && !signer.equals("Ed25519")) {
                opened = Openssl.verify(folder, opened, folder.resolve("ca.pem"));
            }
            if (!signer.equals("Ed25519")) {
                assertThat(Arrays.equals(opened, wanted))
                        .as("OpenSSL gives the same bytes")
                        .isTrue();
            }
        }
    }
}
