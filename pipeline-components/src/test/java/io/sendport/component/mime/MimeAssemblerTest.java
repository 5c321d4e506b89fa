package io.sendport.component.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.mail.Mail;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.settings.Settings;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mail is made of, and that it arrives as it was given. */
class MimeAssemblerTest extends AssemblerFixture {

    @TempDir
    private Path folder;

    private static Settings attachAll() {
        return Scopes.element(HERE, "attach", Map.of("parts", "all"));
    }

    @Test
    void rendersTheSameBytesForTheSameMessage() throws Exception {
        Settings mail = mail(Scopes.mailAttributes("subject", "Invoice %MessageID%"), body("Hello"), attachAll());
        assertThat(assembled(xml("<a/>"), mail))
                .isEqualTo(assembled(xml("<a/>"), mail))
                .isEqualTo("""
                Date: Sat, 21 Nov 2026 08:00:00 +0000
                From: Billing <billing@corp.example>
                To: accounts@customer.example
                Subject: Invoice 6f0c2b1e-0000-4000-8000-000000000001
                Message-ID: <6f0c2b1e-0000-4000-8000-000000000001@corp.example>
                MIME-Version: 1.0
                Content-Type: multipart/mixed;
                 boundary="=_6f0c2b1e000040008000000000000001_1"

                --=_6f0c2b1e000040008000000000000001_1
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 7bit

                Hello
                --=_6f0c2b1e000040008000000000000001_1
                Content-Type: application/xml
                Content-Disposition: attachment; filename="invoice.xml"
                Content-Transfer-Encoding: base64

                PGEvPg==
                --=_6f0c2b1e000040008000000000000001_1--
                """.replace("\n", "\r\n"));
    }

    @Test
    void attachesBytesThatAnIndependentParserReadsBackUnchanged() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(42).nextBytes(bytes);
        Message message = Scopes.message(Body.of(bytes), Map.of());
        MimeMultipart parts =
                (MimeMultipart) parsed(assembled(message, mail(Scopes.mailAttributes(), body("x"), attachAll())))
                        .getContent();
        BodyPart part = parts.getBodyPart(1);
        assertThat(part.getFileName()).isEqualTo("invoice.xml");
        assertThat(part.getInputStream().readAllBytes()).isEqualTo(bytes);
    }

    @Property(tries = 200)
    void keepsAnyContentInBase64AndQuotedPrintable(@ForAll byte[] bytes) throws Exception {
        for (TransferEncoding encoding : List.of(TransferEncoding.BASE64, TransferEncoding.QUOTED_PRINTABLE)) {
            Mail mail = new MimeAssembler(encoding, ZoneOffset.UTC)
                    .assemble(
                            Scopes.message(Body.of(bytes), Map.of()),
                            Scopes.scope(mail(Scopes.mailAttributes()), Set.of()));
            assertThat(parsed(Scopes.rendered(mail)).getInputStream().readAllBytes())
                    .isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "x\r\n", "x\r\n\r\n", "From me\r\nFrom you", "a\r\n  \t", "ends in CR\r", "soft=\r\n"})
    void keepsTextContentUnchangedInQuotedPrintable(String content) throws Exception {
        MimeAssembler quoted = new MimeAssembler(TransferEncoding.QUOTED_PRINTABLE, ZoneOffset.UTC);
        Message message = xml("").withBodyPart(Part.body("text/plain", Body.of(content, StandardCharsets.US_ASCII)));
        String mail = Scopes.rendered(quoted.assemble(message, Scopes.scope(mail(Scopes.mailAttributes()), Set.of())));
        MimeMessage read = parsed(mail);
        assertThat(new String(read.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .isEqualTo(content);
        assertThat(mail.substring(mail.indexOf("\r\n\r\n"))).doesNotContain("\r\nFrom ");
    }

    @Test
    void putsBccOnlyInTheEnvelope() throws Exception {
        Mail mail = ASSEMBLER.assemble(
                xml("<a/>"),
                Scopes.scope(
                        mail(Scopes.mailAttributes("bcc", "hidden@corp.example", "cc", "seen@corp.example")),
                        Set.of()));
        assertThat(mail.envelope().everyone()).hasSize(3);
        assertThat(mail.envelope().blind()).hasToString("[hidden@corp.example]");
        assertThat(Scopes.rendered(mail)).doesNotContain("hidden").contains("Cc: seen@corp.example");
    }

    @Test
    void buildsAlternativesOfTextAndHtmlWithInlineImages() throws Exception {
        Files.writeString(folder.resolve("mail.html"), "<p>Größe <img src='cid:logo'></p>");
        Files.write(folder.resolve("logo.png"), new byte[] {1, 2, 3});
        Settings html = Scopes.element(folder, "body", Map.of("file", "mail.html"));
        Settings logo = Scopes.element(folder, "attach", Map.of("file", "logo.png", "contentId", "logo"));
        MimeMessage mail =
                parsed(assembled(xml("<a/>"), mail(Scopes.mailAttributes(), body("Größe"), html, logo, attachAll())));
        MimeMultipart mixed = (MimeMultipart) mail.getContent();
        MimeMultipart alternative = (MimeMultipart) mixed.getBodyPart(0).getContent();
        assertThat(alternative.getBodyPart(0).getContent()).isEqualTo("Größe");
        MimeMultipart related = (MimeMultipart) alternative.getBodyPart(1).getContent();
        assertThat((String) related.getBodyPart(0).getContent()).contains("Größe");
        assertThat(related.getBodyPart(1).getHeader("Content-ID")).containsExactly("<logo>");
        assertThat(mixed.getBodyPart(1).getFileName()).isEqualTo("invoice.xml");
    }

    @Test
    void encodesNonAsciiSubjectsAndFileNames() throws Exception {
        Part part = Part.body("application/pdf", Body.of("x", StandardCharsets.UTF_8))
                .withFileName("Rechnung für Müller – 合同 " + "x".repeat(120) + ".pdf");
        Message message = xml("<a/>").withBodyPart(part);
        String mail = assembled(
                message, mail(Scopes.mailAttributes("subject", "Größe 合同 " + "ö".repeat(200)), body("x"), attachAll()));
        MimeMessage read = parsed(mail);
        assertThat(read.getSubject()).isEqualTo("Größe 合同 " + "ö".repeat(200));
        System.setProperty("mail.mime.decodeparameters", "true");
        assertThat(((MimeMultipart) read.getContent()).getBodyPart(1).getFileName())
                .isEqualTo(part.fileName().orElseThrow());
        assertThat(mail.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(998));
    }

    @Test
    void acceptsASubjectOfTenThousandCharacters() throws Exception {
        String subject = "long ".repeat(2000).strip();
        assertThat(parsed(assembled(xml("<a/>"), mail(Scopes.mailAttributes("subject", subject))))
                        .getSubject())
                .isEqualTo(subject);
        String unbroken = "x".repeat(10_000);
        assertThat(parsed(assembled(xml("<a/>"), mail(Scopes.mailAttributes("subject", unbroken))))
                        .getSubject())
                .isEqualTo(unbroken);
    }

    @Test
    void passesAFinishedMessageThroughButNotItsRecipients() throws Exception {
        String inner =
                "From: x@corp.example\r\nTo: inner@evil.example\r\nBcc: secret@corp.example\r\nSubject: ready\r\n"
                        + "Content-Type: text/plain\r\nMIME-Version: 1.0\r\n\r\nline one\r\n.\r\nlast\r\n";
        Message message = xml("").withBodyPart(Part.body("message/rfc822", Body.of(inner, StandardCharsets.US_ASCII)));
        Mail mail = ASSEMBLER.assemble(message, Scopes.scope(mail(Scopes.mailAttributes()), Set.of()));
        assertThat(mail.envelope().everyone()).hasToString("[accounts@customer.example]");
        String rendered = Scopes.rendered(mail);
        assertThat(rendered)
                .endsWith("\r\n\r\nline one\r\n.\r\nlast\r\n")
                .contains("Subject: ready")
                .doesNotContain("secret@")
                .contains("Message-ID: ")
                .contains("Date: ");
    }

    /** As scripts write them, against RFC 5322; every relay takes encoded words. */
    @Test
    void encodesNonAsciiHeadersOfAFinishedMessage() throws Exception {
        String inner = "From: \u00C4nne <x@corp.example>\nSubject: Gr\u00FC\u00DFe\nX-List: a\n\ntext\n";
        for (java.nio.charset.Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1)) {
            Message message = xml("").withBodyPart(Part.body("message/rfc822", Body.of(inner, charset)));
            Settings mail = mail(Scopes.mailAttributes("passThroughHeaders", "true"));
            String rendered = assembled(message, mail);
            assertThat(rendered)
                    .as(charset.name())
                    .contains("Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n")
                    .contains("From: =?UTF-8?B?w4RubmU=?= <x@corp.example>\r\n");
        }
    }

    @Test
    void normalizesLineEndsOfMimeContentAndRefusesInvalidLines() throws Exception {
        String lf = "Content-Type: text/plain\n\none\ntwo\n";
        Part part = Part.body("", Body.of(lf, StandardCharsets.US_ASCII));
        Message message = xml("").withBodyPart(new Part(
                "body",
                "",
                io.sendport.api.message.Context.empty().with(MessageProperties.IS_MIME_ENCODED, true),
                part.body()));
        assertThat(assembled(message, mail(Scopes.mailAttributes()))).endsWith("\r\n\r\none\r\ntwo\r\n");
        for (var bad : Map.of(
                        "one\r.\r\n",
                        "line 1 after the header of the MIME content has a CR without LF",
                        "one\n\r.\n",
                        "line 2 after the header of the MIME content has a CR without LF",
                        "one\u0000",
                        "line 1 after the header of the MIME content has a NUL byte",
                        "one\n" + "x".repeat(999),
                        "line 2 after the header of the MIME content is longer than 998 bytes")
                .entrySet()) {
            Message hostile = message.withBody(
                    Body.of("Content-Type: text/plain\r\n\r\n" + bad.getKey(), StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> assembled(hostile, mail(Scopes.mailAttributes())))
                    .isInstanceOf(AssemblyException.class)
                    .hasMessageContaining(bad.getValue());
        }
    }

    @Test
    void failsForAMissingFileUnlessItMayBeSkipped() throws Exception {
        Settings missing = Scopes.element(folder, "attach", Map.of("file", "terms.pdf"));
        Settings skipped = Scopes.element(folder, "attach", Map.of("file", "terms.pdf", "missing", "skip"));
        assertThatThrownBy(() -> assembled(xml("<a/>"), mail(Scopes.mailAttributes(), missing)))
                .hasMessageContaining("terms.pdf");
        assertThat(assembled(xml("<a/>"), mail(Scopes.mailAttributes(), skipped)))
                .doesNotContain("terms.pdf");
    }
}
