package io.sendport.component.smime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;
import io.sendport.testing.Deep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9788, field by field after its appendix C and its examples of legacy display. */
class HeaderProtectionTest {

    @TempDir
    private static Path folder;

    private static Pki.Id bob;

    private static final Entity TEXT = new Entity(
            HeaderFields.none()
                    .plus("Content-Type", "text/plain; charset=\"utf-8\"")
                    .plus("Content-Transfer-Encoding", "7bit"),
            Body.of("Let's meet at 8pm.\r\n", StandardCharsets.US_ASCII));

    @BeforeAll
    static void makeKeys() throws Exception {
        Pki.Id root = Pki.root("CN=CA");
        Pki.person(root, "alice@smime.example", "RSA").pkcs12(folder.resolve("alice.p12"));
        bob = Pki.person(root, "bob@smime.example", "RSA");
        bob.pem(Files.createDirectories(folder.resolve("certs")).resolve("bob.pem"));
    }

    private static HeaderFields header(String subject) {
        return HeaderFields.none()
                .plus("Subject", subject)
                .plus("Message-ID", "<smime-hp@example>")
                .plus("From", "Alice <alice@smime.example>")
                .plus("To", "Bob <bob@smime.example>")
                .plus("Date", "Sat, 20 Feb 2021 10:09:02 -0500")
                .plus("Keywords", "secret")
                .plus("User-Agent", "Sample MUA Version 1.0")
                .plus("MIME-Version", "1.0");
    }

    private static byte[] mail(HeaderFields header, Entity entity, String... more) throws Exception {
        List<String> settings = new java.util.ArrayList<>(
                List.of("signature", "clear", "signingKey", "alice.p12", "signingKeyPassword", "secret"));
        settings.addAll(List.of(more));
        if (Arrays.asList(more).contains("encrypt")) {
            settings.addAll(List.of("encrypt", "true", "recipientCertificates", "certs"));
        }
        Office office = new Office(folder).with(header);
        return office.mail(office.encoder(settings.toArray(String[]::new)), entity, "bob@smime.example");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<String> fields(byte[] entity) {
        return text(entity)
                .split("\r\n\r\n", 2)[0]
                .replaceAll("\r\n[ \t]+", " ")
                .lines()
                .toList();
    }

    @Test
    void copiesTheHeaderIntoTheSignedPartAndKeepsTheOuterHeader() throws Exception {
        byte[] mail = mail(header("smime-multipart-hp"), TEXT, "headerProtection", "sign");
        assertThat(fields(mail)).contains("Subject: smime-multipart-hp", "Keywords: secret");
        assertThat(fields(Reader.open(mail).content))
                .containsExactly(
                        "MIME-Version: 1.0",
                        "Subject: smime-multipart-hp",
                        "Message-ID: <smime-hp@example>",
                        "From: Alice <alice@smime.example>",
                        "To: Bob <bob@smime.example>",
                        "Date: Sat, 20 Feb 2021 10:09:02 -0500",
                        "Keywords: secret",
                        "User-Agent: Sample MUA Version 1.0",
                        "Content-Type: text/plain; charset=\"utf-8\"; hp=\"clear\"",
                        "Content-Transfer-Encoding: 7bit");
    }

    @Test
    void hidesTheSubjectAndRecordsTheOuterHeaderInside() throws Exception {
        byte[] mail = mail(
                header("smime-signed-enc-hp-baseline"), TEXT, "headerProtection", "encrypt", "legacyDisplay", "false");
        assertThat(fields(mail))
                .contains("Subject: [...]", "From: Alice <alice@smime.example>")
                .noneMatch(field -> field.startsWith("Keywords"));
        assertThat(fields(Reader.open(mail, bob.key()).content))
                .containsExactly(
                        "MIME-Version: 1.0",
                        "Subject: smime-signed-enc-hp-baseline",
                        "Message-ID: <smime-hp@example>",
                        "From: Alice <alice@smime.example>",
                        "To: Bob <bob@smime.example>",
                        "Date: Sat, 20 Feb 2021 10:09:02 -0500",
                        "Keywords: secret",
                        "User-Agent: Sample MUA Version 1.0",
                        "HP-Outer: Subject: [...]",
                        "HP-Outer: Message-ID: <smime-hp@example>",
                        "HP-Outer: From: Alice <alice@smime.example>",
                        "HP-Outer: To: Bob <bob@smime.example>",
                        "HP-Outer: Date: Sat, 20 Feb 2021 10:09:02 -0500",
                        "HP-Outer: User-Agent: Sample MUA Version 1.0",
                        "Content-Type: text/plain; charset=\"utf-8\"; hp=\"cipher\"",
                        "Content-Transfer-Encoding: 7bit");
    }

    @Test
    void hidesNamesAndTimeZonesUnderTheShyPolicy() throws Exception {
        byte[] mail = mail(header("dinner"), TEXT, "headerProtection", "encrypt", "headerPolicy", "shy");
        assertThat(fields(mail))
                .contains(
                        "Subject: [...]",
                        "From: alice@smime.example",
                        "To: bob@smime.example",
                        "Date: Sat, 20 Feb 2021 15:09:02 +0000");
        assertThat(fields(Reader.open(mail, bob.key()).content))
                .contains("HP-Outer: From: alice@smime.example", "From: Alice <alice@smime.example>");
    }

    @Test
    void repeatsTheSubjectInTheBodyForLegacyReaders() throws Exception {
        byte[] content = Reader.open(
                        mail(header("=?utf-8?B?R3LDvMOfZQ==?="), TEXT, "headerProtection", "encrypt"), bob.key())
                .content;
        assertThat(fields(content)).anyMatch(field -> field.contains("hp-legacy-display=\"1\""));
        assertThat(decodedBody(content)).isEqualTo("Subject: Grüße\r\n\r\nLet's meet at 8pm.\r\n");
    }

    @Test
    void repeatsTheSubjectInEveryAlternativeButNotInAttachments() throws Exception {
        Entity entity = new Entity(
                HeaderFields.none().plus("Content-Type", "multipart/mixed; boundary=\"m\""),
                Body.of(
                        "--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nplain\r\n--a\r\n"
                                + "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body bgcolor=3D1><p>html</p></body></html>\r\n"
                                + "--a--\r\n--m\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nattached\r\n--m--\r\n",
                        StandardCharsets.US_ASCII));
        String content =
                text(Reader.open(mail(header("a < b"), entity, "headerProtection", "encrypt"), bob.key()).content);
        assertThat(content).contains("\r\nattached\r\n--m--");
        assertThat(content.split("hp-legacy-display=\"1\"", -1)).hasSize(3);
        List<String> decoded = Arrays.stream(content.split("\r\n--a"))
                .filter(part -> part.contains("hp-legacy-display"))
                .map(part -> decodedBody(part.getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.toList());
        assertThat(decoded.get(0)).startsWith("Subject: a < b\r\n\r\nplain");
        assertThat(decoded.get(1))
                .contains(
                        "<body bgcolor=1>\r\n<div class=\"header-protection-legacy-display\">\r\n<pre>Subject: a &lt; b</pre>\r\n</div><p>html");
    }

    private static String decodedBody(byte[] entity) {
        String body = text(entity).split("\r\n\r\n", 2)[1];
        return new String(java.util.Base64.getMimeDecoder().decode(body), StandardCharsets.UTF_8);
    }

    /** What is signed already, or doesn't decode, or is somebody's document, is not touched. */
    @Test
    void leavesSignedUndecodableAndAttachedContentUnchanged() throws Exception {
        String signed =
                "--s\r\nContent-Type: text/plain\r\n\r\nsigned\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--s--\r\n";
        for (Entity entity : List.of(
                new Entity(
                        HeaderFields.none().plus("Content-Type", "multipart/report; boundary=s"),
                        Body.of(signed, StandardCharsets.US_ASCII)),
                new Entity(
                        HeaderFields.none()
                                .plus("Content-Type", "text/plain")
                                .plus("Content-Transfer-Encoding", "quoted-printable"),
                        Body.of("caf=C3=A9\r\n", StandardCharsets.US_ASCII)),
                new Entity(
                        HeaderFields.none()
                                .plus("Content-Type", "text/plain")
                                .plus("Content-Disposition", "inline; filename=\"a.txt\""),
                        Body.of("document\r\n", StandardCharsets.US_ASCII)))) {
            String content =
                    text(Reader.open(mail(header("x"), entity, "headerProtection", "encrypt"), bob.key()).content);
            try (var in = entity.body().open()) {
                assertThat(content)
                        .endsWith("\r\n\r\n" + text(in.readAllBytes()))
                        .doesNotContain("legacy");
            }
        }
    }

    /** C6: whatever the Subject, it stands nowhere outside of the ciphertext. */
    @ParameterizedTest
    @ValueSource(ints = {1, 78, 998, 2000})
    void neverShowsTheSubjectOutsideTheCiphertext(int length) throws Exception {
        String subject = ("canary " + "x".repeat(40) + " ")
                .repeat(50)
                .substring(0, length + 6)
                .strip();
        for (int i = 0; i < Deep.times(1, 50); i++) {
            String mail = text(mail(header(subject + i), TEXT, "headerProtection", "encrypt"));
            assertThat(mail).doesNotContain("canary").contains("Subject: [...]");
        }
    }
}
