package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Routing;
import io.sendport.config.port.Subscription;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.operate.check.DryRun;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.pipeline.PipelineResult;
import io.sendport.migration.Migration;
import jakarta.mail.BodyPart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mails that imported ports make are those that BizTalk made. */
class ImportedMailsTest {

    private static final String MESSAGE = "<order no='7'/>";

    @TempDir
    private Path folder;

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\r", "&#xD;");
    }

    /** The file that an import of one port makes. */
    private Path imported(Map<String, String> properties, String more) throws Exception {
        StringBuilder all = new StringBuilder(
                "<CustomProps><From vt=\"8\">a@corp.example</From><SMTPHost vt=\"8\">mail.corp.example</SMTPHost>"
                        + "<SMTPAuthenticate vt=\"3\">0</SMTPAuthenticate><To vt=\"8\">b@customer.example</To>");
        properties.forEach((name, value) ->
                all.append("<" + name + " vt=\"8\">").append(escaped(value)).append("</" + name + ">"));
        all.append("</CustomProps>");
        Path binding = folder.resolve("binding.xml");
        Files.writeString(
                binding,
                "<BindingInfo Version=\"3.5.1.0\"><SendPortCollection>"
                        + "<SendPort Name=\"P\" IsStatic=\"true\" IsTwoWay=\"false\" BindingOption=\"1\"><PrimaryTransport>"
                        + "<Address>b@customer.example</Address><TransportType Name=\"SMTP\"/><TransportTypeData>"
                        + escaped(all.toString())
                        + "</TransportTypeData><RetryCount>3</RetryCount><RetryInterval>5</RetryInterval>"
                        + "<SendHandler Name=\"Mail\"/></PrimaryTransport>" + more
                        + "</SendPort></SendPortCollection></BindingInfo>");
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file, Migration.biztalk(List.of(binding), Optional.empty()).configuration());
        return file;
    }

    private MimeMessage mail(Map<String, String> properties) throws Exception {
        DryRun dry = new DryRun(
                new ConfigurationReader(new CamelPlaceholders()).read(imported(properties, "")),
                Extensions.of(folder.resolve("plugins")),
                Clock.systemUTC());
        Submission submission = new Submission(
                "P",
                Context.empty(),
                List.of(
                        Part.body("text/xml", Body.wrapping(MESSAGE.getBytes(StandardCharsets.US_ASCII))),
                        new Part(
                                "scan",
                                "application/pdf",
                                Context.empty(),
                                Body.wrapping("%PDF".getBytes(StandardCharsets.US_ASCII)))),
                Optional.empty(),
                "test");
        AtomicReference<MimeMessage> made = new AtomicReference<>();
        dry.run(submission, result -> {
            PipelineResult.Sealed sealed = (PipelineResult.Sealed) result;
            try (InputStream in = sealed.deliveries().get(0).mail().open()) {
                made.set(new MimeMessage(Session.getInstance(new Properties()), in));
            }
        });
        return made.get();
    }

    /** The texts of a mail's parts, body first. */
    private static List<String> contents(MimeMessage mail) throws Exception {
        if (!(mail.getContent() instanceof MimeMultipart parts)) {
            return List.of(read(mail.getInputStream(), mail.getContentType()));
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < parts.getCount(); i++) {
            BodyPart each = parts.getBodyPart(i);
            texts.add(read(each.getInputStream(), each.getContentType()));
        }
        return texts;
    }

    private static String read(InputStream in, String type) throws Exception {
        String charset = new jakarta.mail.internet.ContentType(type).getParameter("charset");
        return new String(in.readAllBytes(), charset == null ? StandardCharsets.UTF_8 : Charset.forName(charset));
    }

    @Test
    void keepSpecialCharactersThatAreEscapedTwice() throws Exception {
        MimeMessage mail = mail(Map.of("Subject", "Smith & Sons <now>", "EmailBodyText", "1 < 2 & 3 > 2"));
        assertThat(mail.getSubject()).isEqualTo("Smith & Sons <now>");
        assertThat(contents(mail).get(0).strip()).isEqualTo("1 < 2 & 3 > 2");
    }

    @Test
    void keepPercentSignsInTheSubjectUnchanged() throws Exception {
        assertThat(mail(Map.of("Subject", "100% of %Foo% and %%")).getSubject()).isEqualTo("100% of %Foo% and %%");
    }

    @ParameterizedTest
    @CsvSource({"utf-8", "windows-1252", "iso-8859-1"})
    void keepEveryLineOfTheText(String charset) throws Exception {
        String text = "Dear customer,\r\n\r\n    indented by four\r\n\tby a tab\r\nno end ]]> here: Grüße\r\n"
                + "a line. ".repeat(8_000) + "\r\nlast";
        List<String> contents = contents(mail(Map.of("EmailBodyText", text, "EmailBodyTextCharset", charset)));
        assertThat(contents.get(0).lines().toList()).isEqualTo(text.lines().toList());
        assertThat(contents).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "0, -, message",
                "1, -, message",
                "2, -, message scan",
                "0, text, text",
                "1, text, text message",
                "2, text, text message scan"
            })
    void attachTheSamePartsAsBizTalk(String parts, String body, String expected) throws Exception {
        Map<String, String> properties = body == null
                ? Map.of("MessagePartsAttachments", parts)
                : Map.of("MessagePartsAttachments", parts, "EmailBodyText", body);
        List<String> want = List.of(expected.replace("message", MESSAGE.replace(' ', '_'))
                .replace("scan", "%PDF")
                .split(" "));
        assertThat(contents(mail(properties)).stream()
                        .map(each -> each.strip().replace(' ', '_'))
                        .toList())
                .isEqualTo(want);
    }

    /** Of each set of properties, what a filter written by hand says and what the imported one says. */
    @Test
    void goToThePortsThatTheFiltersSelect() throws Exception {
        String group = "<Statement Property='N' Operator='%d' Value='5'/>";
        List<String> values = List.of("-", "4", "5", "6", "05", "x");
        String[] expected = {
            // equals, less, less or equal, greater, greater or equal, not equal, exists
            "5", "4", "4 5", "6", "5 6", "4 6 x", "4 5 6 05 x"
        };
        for (int operator = 0; operator < 7; operator++) {
            Subscription subscription = subscription(group.formatted(operator));
            List<String> wanted = new ArrayList<>();
            for (String each : values) {
                Context context = each.equals("-") ? Context.empty() : Context.of(Map.of("N", each));
                if (subscription.wants(context)) {
                    wanted.add(each);
                }
            }
            assertThat(wanted).as("operator " + operator).containsAll(List.of(expected[operator].split(" ")));
            assertThat(wanted).as("operator " + operator).doesNotContain("-");
        }
        Subscription both = subscription(
                "<Statement Property='N' Operator='0' Value='5'/>"
                        + "<Statement Property='M' Operator='6'/></Group><Group><Statement Property='N' Operator='0' Value='9'/>");
        assertThat(both.wants(Context.of(Map.of("N", "5")))).isFalse();
        assertThat(both.wants(Context.of(Map.of("N", "5", "M", "1")))).isTrue();
        assertThat(both.wants(Context.of(Map.of("N", "9")))).isTrue();
        assertThat(both.wants(Context.of(Map.of("M", "1")))).isFalse();
    }

    private Subscription subscription(String statements) throws Exception {
        Path file = imported(
                Map.of(),
                "<Filter>"
                        + escaped("<Filter><Group>"
                                + statements.replace("'N'", "'BTS.MessageType'").replace("'M'", "'BTS.Operation'")
                                + "</Group></Filter>")
                        + "</Filter>");
        Files.writeString(
                file,
                Files.readString(file).replace("\"BTS.MessageType\"", "\"N\"").replace("\"BTS.Operation\"", "\"M\""));
        Routing routing = new ConfigurationReader(new CamelPlaceholders()).readRouting(file);
        return routing.ports().get("P").subscription().orElseThrow();
    }
}
