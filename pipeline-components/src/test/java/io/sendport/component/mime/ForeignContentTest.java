package io.sendport.component.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.mail.Mail;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.Part;
import io.sendport.api.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message brings with it: it says what is sent, and neither who sent it nor how it is shown. */
class ForeignContentTest {

    private static final MimeAssembler ASSEMBLER = new MimeAssembler(TransferEncoding.BASE64, ZoneOffset.UTC);

    private static final String FORGED = """
            Received: from bank.test by mx.bank.test; Sat, 21 Nov 2026 07:00:00 +0000
            From: The CEO <ceo@bank.test>
            SENDER: secretary@bank.test
            reply-to: thief@evil.test
            Resent-From: ceo@bank.test
            Resent-Sender: secretary@bank.test
            Message-ID: <forged@bank.test>
            To: all@customer.example
            Bcc: hidden@customer.example
            Subject: pay this
            Date: Fri, 20 Nov 2026 07:00:00 +0000
            MIME-Version: 1.0
            Content-Type: text/plain

            now
            """.replace("\n", "\r\n");

    private static Settings mail(Map<String, String> attributes, Settings... children) {
        return Scopes.element(Path.of("target"), "mail", attributes, children);
    }

    private static Mail assembled(Part part, Map<String, Object> properties, Settings mail) throws Exception {
        Message message = Scopes.message(Body.EMPTY, properties).withBodyPart(part);
        return ASSEMBLER.assemble(message, Scopes.scope(mail, Set.of()));
    }

    private static Mail forged(String... attributes) throws Exception {
        return assembled(
                Part.body("Message/RFC822; x=y", Body.of(FORGED, StandardCharsets.US_ASCII)),
                Map.of(),
                mail(Scopes.mailAttributes(attributes)));
    }

    private static long count(String rendered, String name) {
        return rendered.lines()
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .count();
    }

    @Test
    void aFinishedMessageGetsItsOriginFromThePort() throws Exception {
        String rendered = Scopes.rendered(forged("replyTo", "help@corp.example"));
        assertThat(rendered)
                .contains(
                        "From: Billing <billing@corp.example>\r\n",
                        "Reply-To: help@corp.example\r\n",
                        "Message-ID: <6f0c2b1e-0000-4000-8000-000000000001@corp.example>\r\n",
                        "Subject: pay this\r\n",
                        "To: all@customer.example\r\n",
                        "Date: Fri, 20 Nov 2026 07:00:00 +0000\r\n")
                .doesNotContainIgnoringCase("ceo@bank.test")
                .doesNotContainIgnoringCase("secretary")
                .doesNotContain("thief@", "forged@", "hidden@")
                .endsWith("\r\n\r\nnow\r\n");
        for (String name : List.of("From", "Reply-To", "Message-ID", "Date", "MIME-Version", "Subject")) {
            assertThat(count(rendered, name)).as(name).isEqualTo(1);
        }
        assertThat(count(Scopes.rendered(forged()), "Reply-To")).isZero();
    }

    @Test
    void aPortCanPassThroughTheOrigin() throws Exception {
        String rendered = Scopes.rendered(forged("replyTo", "help@corp.example", "passThroughHeaders", "true"));
        assertThat(rendered)
                .contains(
                        "From: The CEO <ceo@bank.test>",
                        "SENDER: secretary@bank.test",
                        "reply-to: thief@evil.test",
                        "Message-ID: <forged@bank.test>")
                .doesNotContain("billing@corp.example", "help@corp.example", "hidden@");
        assertThat(count(rendered, "From")).isEqualTo(1);
    }

    @Test
    void theEnvelopeAlwaysComesFromThePort() throws Exception {
        for (String pass : List.of("true", "false")) {
            Mail mail = forged("passThroughHeaders", pass);
            assertThat(mail.envelope().everyone()).hasToString("[accounts@customer.example]");
            assertThat(mail.envelope().sender().orElseThrow()).hasToString("billing@corp.example");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u202Egnp.exe", "g\u202Anp.exe", "gn\u202Bp.exe", "gnp\u202C.exe", "gnp.\u202Dexe", "gnp.e\u2066xe",
                "gnp.ex\u2067e", "gnp.exe\u2068", "gnp\u2069.exe", "gnp\u200E.exe", "gnp\u200F.exe", "gnp\u061C.exe"
            })
    void removesBidirectionalControlsFromFileNames(String name) throws Exception {
        Part part = Part.body("application/xml", Body.of("x", StandardCharsets.US_ASCII))
                .withFileName(name);
        Settings all = Scopes.element(Path.of("target"), "attach", Map.of("parts", "all"));
        Settings body = Scopes.element(Path.of("target"), "body", Map.of("text", "hello"));
        assertThat(Scopes.rendered(assembled(part, Map.of(), mail(Scopes.mailAttributes(), body, all))))
                .contains("filename=\"gnp.exe\"");
        assertThat(Scopes.rendered(assembled(part, Map.of(), mail(Scopes.mailAttributes()))))
                .contains("filename=\"gnp.exe\"");
    }

    @Test
    void aFileNameKeepsRightToLeftLetters() throws Exception {
        Part part = Part.body("application/xml", Body.of("x", StandardCharsets.US_ASCII))
                .withFileName("\u05D0\u05D1.xml");
        assertThat(Scopes.rendered(assembled(part, Map.of(), mail(Scopes.mailAttributes()))))
                .contains("filename*=UTF-8''%D7%90%D7%91.xml");
    }

    @ParameterizedTest
    @CsvSource({"transferPriority", "deliveryReceipt", "returnContent", "importance"})
    void anErrorNamesTheAttributeButNotTheValue(String attribute) {
        String value = "x\u001B[2J\u202E\rforged";
        assertThatThrownBy(() -> assembled(
                        Part.body("text/plain", Body.EMPTY),
                        Map.of("P", value),
                        mail(Scopes.mailAttributes(attribute, "%P%"))))
                .isInstanceOf(AssemblyException.class)
                .hasMessageStartingWith(attribute + ": ")
                .hasMessageNotContainingAny("\u001B", "\u202E", "\r", "forged");
    }

    @Test
    void anInvalidMediaTypeIsRefused() {
        Part part = new Part("body", "x\" <evil@z.test>", Context.empty(), Body.EMPTY);
        assertThatThrownBy(() -> assembled(part, Map.of(), mail(Scopes.mailAttributes())))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("content type \"x\" <evil@z.test>\" of part body is not valid");
    }
}
