package io.sendport.component.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.mail.Mail;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.settings.Settings;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What values of a message may do in a mail, and what they may not. */
class MailMacrosTest extends AssemblerFixture {

    @Test
    void resolvesMacrosInAttributes() throws Exception {
        Message message = Scopes.message(
                Body.of("x", StandardCharsets.UTF_8),
                Map.of("InvoiceNumber", "4711", "Who", "a@customer.example", "BTS.DestinationParty", "Customer"));
        String mail = assembled(
                message,
                mail(Scopes.mailAttributes(
                        "to",
                        "%Who%, b@customer.example",
                        "subject",
                        "%InvoiceNumber% %DestinationParty% %datetime% 100%% %MIME.FileName%")));
        assertThat(mail)
                .contains("Subject: 4711 Customer 2026-11-21T080000 100% invoice.xml")
                .contains("To: a@customer.example, b@customer.example");
    }

    @Test
    void resolvesTheNameOfTheSourceFile() throws Exception {
        Settings mail = mail(Scopes.mailAttributes("subject", "%SourceFileName%"));
        assertThat(assembled(Scopes.message(Body.of("x", StandardCharsets.UTF_8), Map.of()), mail))
                .contains("Subject: invoice.xml");
        assertThat(assembled(
                        Scopes.message(
                                Body.of("x", StandardCharsets.UTF_8),
                                Map.of("FILE.ReceivedFileName", "\\\\srv\\in\\order 7.xml")),
                        mail))
                .contains("Subject: order 7.xml");
    }

    @Test
    void refusesAValueThatWouldAddARecipient() throws Exception {
        for (String value : List.of(
                "evil@attacker.example, joe",
                "x\" <evil@attacker.example>, \"y",
                "evil%attacker.example",
                "joe>,<evil")) {
            Message message = Scopes.message(Body.of("x", StandardCharsets.UTF_8), Map.of("Cust", value));
            for (String attribute : List.of("from", "to", "cc", "bcc", "replyTo", "envelopeFrom")) {
                Settings mail = mail(Scopes.mailAttributes(attribute, "archive+%Cust%@customer.example"));
                assertThatThrownBy(() -> assembled(message, mail))
                        .isInstanceOf(AssemblyException.class)
                        .hasMessageStartingWith(attribute + ": the value of %Cust% has the character U+")
                        .hasMessageNotContaining("attacker");
            }
        }
    }

    @Test
    void quotesADisplayNameFromAValue() throws Exception {
        Message message = Scopes.message(
                Body.of("x", StandardCharsets.UTF_8), Map.of("Name", "x\" <evil@attacker.example>, \"y"));
        Mail mail = ASSEMBLER.assemble(
                message, Scopes.scope(mail(Scopes.mailAttributes("to", "\"%Name%\" <b@customer.example>")), Set.of()));
        assertThat(mail.envelope().everyone()).hasToString("[b@customer.example]");
        assertThat(parsed(Scopes.rendered(mail)).getAllRecipients())
                .singleElement()
                .satisfies(address -> assertThat(((jakarta.mail.internet.InternetAddress) address).getPersonal())
                        .isEqualTo("x\" <evil@attacker.example>, \"y"));
    }

    @Test
    void refusesAValueOutsideTheAllowedDomains() throws Exception {
        Message message = Scopes.message(Body.of("x", StandardCharsets.UTF_8), Map.of("Who", "evil@attacker.example"));
        for (String attribute : List.of("from", "to", "cc", "bcc", "replyTo", "envelopeFrom")) {
            Settings mail = mail(Scopes.mailAttributes(attribute, "%Who%", "domains", "customer.example"));
            assertThatThrownBy(() -> assembled(message, mail))
                    .isInstanceOf(AssemblyException.class)
                    .hasMessageStartingWith(
                            attribute
                                    + ": the value of %Who% results in an address that <mail domains> does not allow: its domain is not")
                    .hasMessageNotContaining("attacker");
        }
    }

    @Test
    void aMacroInAnAddressFieldCannotAddAnAddress() throws Exception {
        Settings errors =
                Scopes.element(HERE, "header", Map.of("name", "Errors-To", "value", "%Who% <x@corp.example>"));
        Message message = Scopes.message(Body.of("x", StandardCharsets.UTF_8), Map.of("Who", "a@b.example, c"));
        assertThat(assembled(message, mail(Scopes.mailAttributes(), errors)))
                .contains("Errors-To: \"a@b.example, c\" <x@corp.example>\r\n");
    }

    @Test
    void advisesWhatToDoAboutAReservedHeaderField() {
        for (var expected : Map.of(
                        "Return-Path", "the attribute envelopeFrom of <mail> sets this field; set envelopeFrom",
                        "Date", "only Sendport sets this field; delete this <header>",
                        "Content-Type", "only Sendport sets this field; delete this <header>")
                .entrySet()) {
            Settings header = Scopes.element(HERE, "header", Map.of("name", expected.getKey(), "value", "x"));
            assertThatThrownBy(() -> assembled(xml("<a/>"), mail(Scopes.mailAttributes(), header)))
                    .hasMessageContaining(expected.getValue());
        }
    }

    @Test
    void reportsTheInvalidCharacterInAHeaderField() {
        Message message = Scopes.message(Body.of("x", StandardCharsets.UTF_8), Map.of("V", "secret\u0007"));
        assertThatThrownBy(() -> assembled(message, mail(Scopes.mailAttributes("subject", "%V%"))))
                .hasMessageStartingWith("subject: the text has the character U+0007 at position 7")
                .hasMessageNotContaining("secret");
    }

    @Test
    void doesNotQuoteAnInvalidValue() {
        Message message =
                Scopes.message(Body.of("x", StandardCharsets.UTF_8), Map.of("V", "secret\u001B[2J\r\nforged"));
        for (String attribute : List.of("importance", "deliveryReceipt", "returnContent", "transferPriority")) {
            assertThatThrownBy(() -> assembled(message, mail(Scopes.mailAttributes(attribute, "%V%"))))
                    .isInstanceOf(AssemblyException.class)
                    .hasMessageStartingWith(attribute + ": ")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void doesNotQuoteAnUnknownCharset() {
        Message message = xml("<a/>")
                .with(MessageProperties.EMAIL_BODY_TEXT, "text")
                .with(MessageProperties.EMAIL_BODY_TEXT_CHARSET, "x\r\nforged line");
        assertThatThrownBy(() -> assembled(
                        message,
                        mail(Scopes.mailAttributes()),
                        MessageProperties.EMAIL_BODY_TEXT.name(),
                        MessageProperties.EMAIL_BODY_TEXT_CHARSET.name()))
                .isInstanceOf(AssemblyException.class)
                .hasMessage("SMTP.EmailBodyText: unknown charset; expected a charset such as utf-8");
    }

    @Test
    void refusesAMacroWithoutAValue() {
        assertThatThrownBy(
                        () -> assembled(xml("<a/>"), mail(Scopes.mailAttributes("subject", "Invoice %InvoiceNumber%"))))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("%InvoiceNumber%")
                .hasMessageContaining("subject");
    }

    @Test
    void prefersAComponentsValueAndTakesItLiterally() throws Exception {
        Message message = xml("<a/>")
                .with(MessageProperties.SUBJECT, "50%off% today")
                .with(MessageProperties.TO, "c@customer.example");
        String mail = assembled(message, mail(Scopes.mailAttributes("subject", "Port's")), "SMTP.Subject", "SMTP.To");
        assertThat(mail).contains("Subject: 50%off% today").contains("To: c@customer.example");
        assertThat(assembled(message, mail(Scopes.mailAttributes("subject", "Port's"))))
                .contains("Subject: Port's");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nBcc: evil@evil.example",
                "a\nBcc: evil@evil.example",
                "a\rBcc: evil@evil.example",
                "a\u0000b",
                "a\u0085Bcc: e@e.example",
                "a\u2028Bcc: e@e.example",
                "\r\n\r\nbody",
                "a\r\n b",
                "=?utf-8?Q?a=0D=0ABcc:_e@e.example?=",
                "a\u760D\u760ABcc: e",
                "\ud800",
                "> x"
            })
    void neverLetsAValueAddAHeaderField(String hostile) throws Exception {
        for (String attribute : List.of(
                "subject", "to", "cc", "from", "replyTo", "envelopeFrom", "header", "filename", "contentId", "body")) {
            Message message = Scopes.message(Body.of("x", StandardCharsets.UTF_8), Map.of("H", hostile));
            Settings header = Scopes.element(
                    HERE, "header", Map.of("name", "X-Own", "value", attribute.equals("header") ? "%H%" : "fine"));
            Settings attach = Scopes.element(
                    HERE,
                    "attach",
                    Map.of(
                            "parts",
                            "all",
                            "name",
                            attribute.equals("filename") ? "%H%" : "f.xml",
                            "contentId",
                            attribute.equals("contentId") ? "%H%" : "c"));
            Map<String, String> attributes = Scopes.mailAttributes();
            if (!List.of("header", "filename", "contentId", "body").contains(attribute)) {
                attributes.put(attribute, "%H%");
            }
            String mail;
            try {
                mail = assembled(
                        message, mail(attributes, body(attribute.equals("body") ? "%H%" : "x"), header, attach));
            } catch (AssemblyException | IllegalArgumentException e) {
                assertThat(String.valueOf(e.getMessage())).doesNotContain("\r").doesNotContain("\n");
                continue;
            }
            MimeMessage read = parsed(mail);
            assertThat(read.getHeader("Bcc")).as(attribute).isNull();
            String top = mail.substring(0, mail.indexOf("\r\n\r\n"));
            assertThat(top.lines()
                            .filter(line -> !line.startsWith(" "))
                            .map(line -> line.substring(0, line.indexOf(':'))))
                    .as(attribute)
                    .isSubsetOf(
                            "Date",
                            "From",
                            "To",
                            "Cc",
                            "Reply-To",
                            "Subject",
                            "Message-ID",
                            "MIME-Version",
                            "X-Own",
                            "Content-Type");
        }
    }
}
