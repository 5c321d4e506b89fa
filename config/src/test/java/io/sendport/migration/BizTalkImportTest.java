package io.sendport.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.settings.Problem;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Placeholders;
import io.sendport.migration.report.Finding;
import io.sendport.migration.report.Report;
import io.sendport.migration.report.ReportText;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Severity;
import io.sendport.migration.report.Todo;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.write.Imported;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of the mapping, each by itself. */
@Timeout(300)
class BizTalkImportTest {

    @TempDir
    private Path folder;

    private Imported imported(String xml) throws Exception {
        return imported(xml.getBytes(StandardCharsets.UTF_8), Optional.empty());
    }

    private Imported imported(byte[] bytes, Optional<String> zone) throws Exception {
        Path file = folder.resolve("binding.xml");
        Files.write(file, bytes);
        return Migration.biztalk(List.of(file), zone);
    }

    private static List<String> rules(Imported imported, Rule... wanted) {
        return imported.report().findings().stream()
                .map(Finding::rule)
                .filter(List.of(wanted)::contains)
                .map(Rule::code)
                .toList();
    }

    private static List<String> todos(Imported imported) {
        return imported.report().todos().stream().map(Todo::name).toList();
    }

    private static String told(Imported imported) {
        return String.join("\n", ReportText.lines(imported.report(), "sendport.xml"))
                + imported.report().objects();
    }

    /** What is wrong with the configuration, apart from what waits for a person. */
    private List<String> problems(Imported imported) throws Exception {
        Path file = folder.resolve("out.xml");
        Files.writeString(file, imported.configuration());
        return new ConfigurationReader(new Asked())
                .read(file).problems().stream()
                        .filter(Problem::isError)
                        .map(Problem::toString)
                        .filter(text -> !text.contains("import/"))
                        .toList();
    }

    /** Gives every placeholder a value that fits. */
    private static final class Asked implements Placeholders {
        @Override
        public void define(Map<String, String> properties) {}

        @Override
        public String resolve(String text, Path base) {
            return text.replaceAll("\\{\\{[^{}]*smtp\\.auth}}", "none")
                    .replaceAll("\\{\\{[^{}]*(?:host)}}", "mail.corp.example")
                    .replaceAll("\\{\\{[^{}]*}}", "x@corp.example");
        }
    }

    @Test
    void asksForWhatOnlyTheHandlerHas() throws Exception {
        Imported imported = imported(BindingText.minimal().xml());
        assertThat(todos(imported)).containsExactly("Mail.mail.from", "Mail.smtp.host", "Mail.smtp.auth");
        assertThat(imported.configuration())
                .contains("initialState=\"stopped\"", "auth=\"{{Mail.smtp.auth}}\" tls=\"required\"");
        assertThat(imported.report().isComplete()).isFalse();
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void isCompleteWhenThePortHasAllSettings() throws Exception {
        Imported imported = imported(BindingText.complete()
                .with("SMTPHost", "mail.corp.example:2525")
                .with("CC", "c@customer.example; d@customer.example")
                .with("Subject", "Order %MessageID%")
                .with("ReadReceipt", "-1")
                .with("EmailBodyText", "hello")
                .with("MessagePartsAttachments", "2")
                .xml());
        assertThat(imported.report().isComplete()).as(told(imported)).isTrue();
        assertThat(imported.configuration())
                .contains("host=\"mail.corp.example\" port=\"2525\"", "cc=\"c@customer.example; d@customer.example\"")
                .contains(
                        "subject=\"Order %MessageID%\"",
                        "readReceipt=\"true\"", "<body text=\"hello\"/>", "<attach parts=\"all\"/>")
                .contains("<retry count=\"3\" interval=\"PT5M\"/>");
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void takesMissingSettingsFromTheHandlerExport() throws Exception {
        Path handlers = folder.resolve("handlers.xml");
        Files.writeString(
                handlers,
                "<handlers><handler host='Mail'><CustomProps><SMTPHost>relay.corp.example</SMTPHost>"
                        + "<From>a@corp.example</From><SMTPAuthenticate>0</SMTPAuthenticate></CustomProps></handler></handlers>");
        Path binding = folder.resolve("b.xml");
        Files.writeString(binding, BindingText.minimal().xml());
        Imported imported = Migration.biztalk(List.of(binding, handlers), Optional.empty());
        assertThat(imported.report().isComplete()).as(told(imported)).isTrue();
        assertThat(imported.configuration())
                .contains(
                        "<smtp host=\"relay.corp.example\" port=\"25\" auth=\"none\" tls=\"opportunistic\"/>\n    <mail from=\"a@corp.example\"/>");
        assertThat(told(imported))
                .as("each setting is reported where it is")
                .contains("handlers.xml:1:32  handler Mail/SMTPAuthenticate")
                .doesNotContain("CustomProps/SMTPAuthenticate");
    }

    @Test
    void writesAPlaceholderWhenOnlyTheHandlerKnowsTheLogOn() throws Exception {
        Imported imported =
                imported(BindingText.complete().without("SMTPAuthenticate").xml());
        assertThat(imported.configuration())
                .contains(
                        "<smtp host=\"mail.corp.example\" port=\"25\" auth=\"{{Mail.smtp.auth}}\" tls=\"required\"/>");
        assertThat(todos(imported)).containsExactly("Mail.smtp.auth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "******", "hunter2-canary"})
    void neverCopiesAPassword(String password) throws Exception {
        Imported imported = imported(BindingText.complete()
                .with("SMTPAuthenticate", "1")
                .with("Username", "orders")
                .with("Password", password)
                .xml());
        assertThat(imported.configuration() + told(imported)).doesNotContain("hunter2-canary");
        assertThat(imported.configuration())
                .contains("auth=\"basic\" tls=\"required\" user=\"orders\" password=\"{{env:MAIL_P_PASSWORD}}\"");
        assertThat(rules(imported, Rule.BT_PASSWORD_CLEAR)).hasSize(password.contains("canary") ? 1 : 0);
    }

    @Test
    void asksForTheAccountOfTheHostInstance() throws Exception {
        Imported imported =
                imported(BindingText.complete().with("SMTPAuthenticate", "2").xml());
        assertThat(todos(imported)).containsExactly("MAIL_DOMAIN", "MAIL_USER", "MAIL_PASSWORD");
        assertThat(imported.configuration())
                .contains("auth=\"ntlm\" tls=\"required\"", "<identity domain=\"{{env:MAIL_DOMAIN}}\"");
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void omitsAUserNameThatIsNotUsed() throws Exception {
        Imported imported =
                imported(BindingText.complete().with("Username", "orders").xml());
        assertThat(imported.configuration()).doesNotContain("orders");
        assertThat(rules(imported, Rule.BT_USER_UNUSED)).hasSize(1);
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void readsUtf8AndUtf16TheSame() throws Exception {
        String xml = BindingText.complete().with("Subject", "Größe %MessageID%").xml();
        String expected = imported(xml).configuration().replaceAll("SHA-256 .*", "");
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write("\uFEFF".getBytes(charset));
            bytes.write(("<?xml version=\"1.0\" encoding=\"utf-8\"?>" + xml).getBytes(charset));
            assertThat(imported(bytes.toByteArray(), Optional.empty())
                            .configuration()
                            .replaceAll("SHA-256 .*", ""))
                    .as(charset.name())
                    .isEqualTo(expected);
        }
    }

    @Test
    void readsEscapedAndUnescapedInnerDocuments() throws Exception {
        BindingText binding = BindingText.complete().with("Subject", "a & b < c");
        String expected = imported(binding.xml()).configuration().replaceAll("SHA-256 .*", "");
        assertThat(expected).contains("subject=\"a &amp; b &lt; c\"");
        for (String data : List.of(
                "<![CDATA[" + binding.props() + "]]>",
                binding.props(),
                "\n   " + BindingText.escaped("<?xml version=\"1.0\" encoding=\"utf-16\"?>" + binding.props()))) {
            assertThat(imported(BindingText.complete().data(data).xml())
                            .configuration()
                            .replaceAll("SHA-256 .*", ""))
                    .isEqualTo(expected);
        }
    }

    @Test
    void translatesAllFilterOperators() throws Exception {
        String statements = "";
        for (int operator = 0; operator < 7; operator++) {
            statements +=
                    "<Statement Property='BTS.MessageType' Operator='" + operator + "' Value='v" + operator + "'/>";
        }
        Imported imported = imported(BindingText.complete()
                .holding("<Filter>\n"
                        + BindingText.escaped(
                                "<?xml version='1.0' encoding='utf-16'?><Filter><Group>" + statements
                                        + "</Group><Group><Statement Property='BTS.MessageType' Operator='6'/></Group></Filter>")
                        + "</Filter>")
                .xml());
        for (String match : List.of(
                "equals=\"v0\"",
                "less=\"v1\"",
                "lessOrEqual=\"v2\"",
                "greater=\"v3\"",
                "greaterOrEqual=\"v4\"",
                "notEquals=\"v5\"",
                "exists=\"true\"")) {
            assertThat(imported.configuration()).contains("property=\"BTS.MessageType\" " + match);
        }
        assertThat(imported.configuration().split("<all>", -1)).hasSize(3);
        assertThat(imported.report().isComplete()).as(told(imported)).isTrue();
        assertThat(problems(imported)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<Filter/>",
                "<Filter xsi:nil='true'/>",
                "<Filter>&lt;Filter&gt;&lt;Group/&gt;&lt;/Filter&gt;</Filter>"
            })
    void subscribesToNothingWithoutAFilter(String filter) throws Exception {
        assertThat(imported(BindingText.complete().holding(filter).xml()).configuration())
                .doesNotContain("subscribe");
    }

    @Test
    void refusesAFilterWithAnUnknownOperator() throws Exception {
        Imported imported = imported(BindingText.complete()
                .holding("<Filter>"
                        + BindingText.escaped(
                                "<Filter><Group><Statement Property='BTS.MessageType' Operator='9' Value='x'/></Group></Filter>")
                        + "</Filter>")
                .xml());
        assertThat(imported.configuration()).doesNotContain("subscribe");
        assertThat(rules(imported, Rule.BT_FILTER_REFUSED)).hasSize(1);
        assertThat(imported.report().isComplete()).isFalse();
    }

    @Test
    void listsHowToSetThePropertiesOfAFilter() throws Exception {
        Imported imported = imported(BindingText.complete()
                .holding("<Filter>"
                        + BindingText.escaped(
                                "<Filter><Group><Statement Property='BTS.ReceivePortName' Operator='0' Value='In'/>"
                                        + "<Statement Property='Contoso.Prop.InvoiceNo' Operator='6'/></Group></Filter>")
                        + "</Filter>")
                .xml());
        assertThat(imported.configuration())
                .contains(
                        "property=\"BTS.ReceivePortName\" equals=\"In\"",
                        "property=\"InvoiceNo\" exists=\"true\"",
                        "<promote property=\"InvoiceNo\" xpath=\"...\"/>");
        assertThat(todos(imported))
                .containsExactly("--set \"BTS.ReceivePortName=In\"", "<promote property=\"InvoiceNo\">");
        assertThat(problems(imported)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"%MessageID%,%MessageID%", "100%,100%%", "%Foo%,%%Foo%%", "%%,%%%%", "%messageid%,%%messageid%%"})
    void keepsKnownMacrosAndEscapesOtherPercentSigns(String subject, String written) throws Exception {
        assertThat(imported(BindingText.complete().with("Subject", subject).xml())
                        .configuration())
                .contains("subject=\"" + written + "\"");
    }

    @Test
    void doesNotResolvePlaceholdersInTheBinding() throws Exception {
        Imported imported = imported(BindingText.complete()
                .named("{{env:PATH}}")
                .with("Subject", "{{env:PATH}}")
                .with("To", "{{file:/etc/passwd}}")
                .with("EmailBodyText", "{{env:PATH}}")
                .holding("<Description>{{env:PATH}}</Description>")
                .xml());
        assertThat(imported.configuration())
                .contains(
                        "subject=\"{{env_PATH.subject}}\"",
                        "to=\"{{env_PATH.to}}\"",
                        "<body>{{env:PATH}}</body>",
                        "{{env:PATH}}\nIn BizTalk: {{env:PATH}}");
        assertThat(todos(imported)).contains("env_PATH.subject", "env_PATH.to");
    }

    @Test
    void rejectsADocumentTypeDeclaration() {
        String bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b SYSTEM 'file:///etc/passwd'>]>";
        assertThatThrownBy(() -> imported(bomb + BindingText.complete().xml()))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("document type");
    }

    @Test
    void skipsOnlyThePortWithAHostileInnerDocument() throws Exception {
        Imported imported = imported(BindingText.complete()
                .named("Hostile")
                .data(
                        BindingText.escaped(
                                "<!DOCTYPE x [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><CustomProps><To>&b;</To></CustomProps>"))
                .xml()
                .replace(
                        "\n</SendPortCollection>",
                        BindingText.complete().named("Good").port() + "\n</SendPortCollection>"));
        assertThat(rules(imported, Rule.BT_PORT_BROKEN)).hasSize(1);
        assertThat(imported.report().ports()).extracting(port -> port.name()).containsExactly("Good");
    }

    @Test
    void ignoresAnEmptySecondaryTransport() throws Exception {
        assertThat(imported(BindingText.complete()
                                .holding(
                                        "<SecondaryTransport><Address/><TransportType xsi:nil='true'/></SecondaryTransport>")
                                .xml())
                        .configuration())
                .doesNotContain("backup");
    }

    @Test
    void writesABackupTransportAndReportsItsDifferences() throws Exception {
        String props = BindingText.escaped(BindingText.complete()
                .with("To", "other@customer.example")
                .with("SMTPHost", "second.corp.example")
                .props());
        Imported imported = imported(BindingText.complete()
                .holding(
                        "<SecondaryTransport><Address>other@customer.example</Address><TransportType Name='SMTP'/><TransportTypeData>"
                                + props
                                + "</TransportTypeData><RetryCount>1</RetryCount><RetryInterval>2</RetryInterval></SecondaryTransport>")
                .xml());
        assertThat(imported.configuration())
                .contains(
                        "<backupTransport>", "host=\"second.corp.example\"", "<retry count=\"1\" interval=\"PT2M\"/>");
        assertThat(rules(imported, Rule.BT_BACKUP_DIFFERS)).isNotEmpty();
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void importsAPortWithoutItsNonMailBackup() throws Exception {
        Imported imported = imported(BindingText.complete()
                .holding(
                        "<SecondaryTransport><Address>C:\\x</Address><TransportType Name='FILE'/></SecondaryTransport>")
                .xml());
        assertThat(imported.configuration()).contains("<sendPort").doesNotContain("backup");
        assertThat(rules(imported, Rule.BT_BACKUP_OTHER)).hasSize(1);
    }

    @Test
    void refusesAPortThatUsesMailOnlyAsABackup() throws Exception {
        Imported imported = imported(BindingText.complete()
                .adapter("FILE")
                .address("C:\\out")
                .holding(
                        "<SecondaryTransport><Address>b@customer.example</Address><TransportType Name='SMTP'/></SecondaryTransport>")
                .xml());
        assertThat(rules(imported, Rule.BT_MAIL_AS_BACKUP)).hasSize(1);
        assertThat(imported.report().summaries().get(0)).containsEntry("refusedSendPorts", 1);
    }

    private static String window(String from, String to) {
        return "<ServiceWindowEnabled>true</ServiceWindowEnabled><FromTime>" + from + "</FromTime><ToTime>" + to
                + "</ToTime><SendHandler Name='Mail'/>";
    }

    @ParameterizedTest
    @CsvSource({
        "'', 16:00, 04:00, UTC",
        "Asia/Kolkata, 21:30, 09:30, Asia/Kolkata",
        "India Standard Time, 21:30, 09:30, Asia/Calcutta",
        "Europe/Stockholm, 17:00, 05:00, Europe/Stockholm"
    })
    void convertsServiceWindowsToTheGivenZone(String zone, String from, String to, String written) throws Exception {
        Imported imported = imported(
                BindingText.complete()
                        .transport(window("2000-01-01T16:00:00", "2000-01-01T03:59:59"))
                        .xml()
                        .getBytes(StandardCharsets.UTF_8),
                Optional.of(zone).filter(given -> !given.isEmpty()));
        assertThat(imported.configuration())
                .contains("<serviceWindow from=\"" + from + "\" to=\"" + to + "\" zone=\"" + written + "\"/>");
        assertThat(rules(imported, Rule.BT_WINDOW_ZONE))
                .hasSize(zone.startsWith("Asia") || zone.startsWith("India") ? 0 : 1);
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void detectsSummerTimeFromAFullDayWindow() throws Exception {
        Imported imported = imported(
                BindingText.complete()
                        .transport(window("2000-01-01T16:00:00", "2000-01-01T03:59:59"))
                        .holding(
                                "<SecondaryTransport><Address/><FromTime>2000-01-01T22:00:00</FromTime><ToTime>2000-01-01T21:59:59</ToTime></SecondaryTransport>")
                        .xml()
                        .getBytes(StandardCharsets.UTF_8),
                Optional.of("Europe/Stockholm"));
        assertThat(imported.configuration()).contains("from=\"18:00\" to=\"06:00\"");
        assertThat(told(imported)).contains("17:00 to 05:00", "18:00 to 06:00");
    }

    @Test
    void omitsAFullDayWindowAndConvertsOffsets() throws Exception {
        assertThat(imported(BindingText.complete()
                                .transport(window("2000-01-01T22:00:00", "2000-01-01T21:59:59"))
                                .xml())
                        .configuration())
                .doesNotContain("serviceWindow");
        assertThat(imported(BindingText.complete()
                                .transport(window("2000-01-01T08:00:00-08:00", "2000-01-01T16:59:59-08:00"))
                                .xml())
                        .configuration())
                .contains("from=\"16:00\" to=\"01:00\" zone=\"UTC\"");
        assertThatThrownBy(() ->
                        imported(BindingText.complete().xml().getBytes(StandardCharsets.UTF_8), Optional.of("Mars/X")))
                .isInstanceOf(UnreadableException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, PT0M", "1000, 1, 1000, PT1M", "5000, 5, 1000, PT5M"})
    void keepsRetrySettings(String count, String interval, String written, String duration) throws Exception {
        assertThat(imported(BindingText.complete()
                                .transport("<RetryCount>" + count + "</RetryCount><RetryInterval>" + interval
                                        + "</RetryInterval><SendHandler Name='Mail'/>")
                                .xml())
                        .configuration())
                .contains("<retry count=\"" + written + "\" interval=\"" + duration + "\"/>");
    }

    @Test
    void keepsOrderPriorityAndFailureSettings() throws Exception {
        Imported imported = imported(BindingText.complete()
                .transport("<OrderedDelivery>true</OrderedDelivery><SendHandler Name='Mail'/>")
                .holding(
                        "<Priority>1</Priority><RouteFailedMessage>true</RouteFailedMessage><StopSendingOnFailure>true</StopSendingOnFailure>")
                .xml());
        assertThat(imported.configuration())
                .contains(
                        "ordered=\"true\"", "stopOnFailure=\"true\"", "priority=\"1\"", "routeFailedMessages=\"true\"");
        Imported unordered = imported(BindingText.complete()
                .holding("<StopSendingOnFailure>true</StopSendingOnFailure>")
                .xml());
        assertThat(unordered.configuration()).doesNotContain("stopOnFailure");
        assertThat(rules(unordered, Rule.BT_STOP_UNORDERED)).hasSize(1);
        assertThat(problems(unordered)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"0,-,-,0", "1,-,-,0", "2,-,all,0", "0,text,-,1", "1,text,body,0", "2,text,all,0"})
    void attachesPartsLikeBizTalk(String parts, String body, String attached, int warnings) throws Exception {
        BindingText binding = BindingText.complete().with("MessagePartsAttachments", parts);
        Imported imported = imported((body == null ? binding : binding.with("EmailBodyText", body)).xml());
        if (attached == null) {
            assertThat(imported.configuration()).doesNotContain("<attach");
        } else {
            assertThat(imported.configuration()).contains("<attach parts=\"" + attached + "\"/>");
        }
        assertThat(rules(imported, Rule.BT_BODY_REPLACES)).hasSize(warnings);
    }

    @Test
    void placesAllFilesInOneFolder() throws Exception {
        Imported imported = imported(BindingText.complete()
                .with("EmailBodyFile", "..\\..\\x.htm")
                .with("Attachments", "\\\\srv\\a b\\terms.pdf|C:\\other\\terms.pdf\nC:\\..\\..\\etc\\passwd")
                .xml());
        assertThat(imported.configuration())
                .contains(
                        "<body file=\"import/x.htm\"/>",
                        "file=\"import/terms.pdf\"",
                        "file=\"import/terms-2.pdf\"",
                        "file=\"import/passwd\"")
                .doesNotContain("\"import/..");
        assertThat(todos(imported)).contains("import/x.htm", "import/terms.pdf", "import/terms-2.pdf", "import/passwd");
        assertThat(imported(BindingText.complete()
                                .with("EmailBodyFile", "x.htm")
                                .with("EmailBodyText", "text")
                                .xml())
                        .configuration())
                .contains("<body text=\"text\"/>")
                .doesNotContain("x.htm\"");
    }

    private static String encoder(String properties) {
        return "<TransmitPipeline Name='Contoso.SmimeSend' FullyQualifiedName='Contoso.SmimeSend, Contoso.Pipelines, Version=1.0.0.0'/><SendPipelineData>"
                + BindingText.escaped(
                        "<Root><Stages><Stage CategoryId='9d0e4108-4cce-4536-83fa-4a5040674ad6'><Components><Component Name='Microsoft.BizTalk.Component.MIME_SMIME_Encoder'><Properties>"
                                + properties + "</Properties></Component></Components></Stage></Stages></Root>")
                + "</SendPipelineData>";
    }

    @Test
    void keepsSignatureAndEncryptionSettings() throws Exception {
        Imported imported = imported(BindingText.complete()
                .with("EmailBodyText", "ignored text")
                .holding(encoder(
                                "<SignatureType vt='3'>2</SignatureType><EnableEncryption vt='11'>-1</EnableEncryption><EncryptionAlgorithm vt='3'>3</EncryptionAlgorithm><ValidateCRL vt='11'>0</ValidateCRL>")
                        + "<EncryptionCert ThumbPrint='\u200E ab cd ef 01' LongName='x'/>")
                .xml());
        assertThat(imported.configuration().replaceAll("\\s+", " "))
                .contains(
                        "<smime profile=\"biztalk-compatible\" signature=\"opaque\" encrypt=\"true\" encryption=\"aes128-cbc\"")
                .contains(
                        "recipientCertificates=\"import/certs/P/\"",
                        "signingKey=\"import/signing.p12\"",
                        "<attach parts=\"all\"/>")
                .doesNotContain("ignored text");
        assertThat(todos(imported)).contains("import/certs/P/ABCDEF01.cer", "import/signing.p12", "SIGNING_PASSWORD");
        assertThat(rules(imported, Rule.BT_ENCODER_IGNORES)).hasSize(1);
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void omitsSmimeThatNeitherSignsNorEncrypts() throws Exception {
        Imported imported = imported(BindingText.complete()
                .holding(encoder("<ContentTransferEncoding vt='8'>uuencode</ContentTransferEncoding>"))
                .xml());
        assertThat(imported.configuration())
                .contains("<mime contentTransferEncoding=\"base64\"/>")
                .doesNotContain("<smime");
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void writesACustomComponentWithoutItsSecrets() throws Exception {
        Imported imported = imported(BindingText.complete()
                .holding(
                        "<TransmitPipeline Name='X' FullyQualifiedName='Contoso.ArchiveSend, Contoso'/><SendPipelineData>"
                                + BindingText.escaped(
                                        "<Root><Stages><Stage CategoryId='9d0e4101-4cce-4536-83fa-4a5040674ad6'><Components><Component Name='Contoso.Archive, Contoso'><Properties>"
                                                + "<Folder vt='8'>D:\\archive</Folder><ApiKey vt='8'>canary-4711</ApiKey></Properties></Component></Components></Stage></Stages></Root>")
                                + "</SendPipelineData>")
                .xml());
        assertThat(imported.configuration())
                .contains(
                        "<component class=\"Contoso.Archive\">",
                        "<property name=\"Folder\" value=\"D:\\archive\"/>",
                        "<property name=\"ApiKey\" value=\"{{env:");
        assertThat(imported.configuration() + told(imported)).doesNotContain("canary-4711");
        assertThat(todos(imported)).contains("Contoso.Archive");
        assertThat(imported.files()).containsKey("components/src/main/java/Contoso/Archive.java");
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void readsAPipelineFromItsFileOrWritesAPlaceholder() throws Exception {
        BindingText binding = BindingText.complete()
                .holding("<TransmitPipeline FullyQualifiedName='Contoso.Send, Contoso, Version=1.0.0.0'/>");
        assertThat(imported(binding.xml()).configuration()).contains("<component class=\"Contoso.Send\"/>");
        Path btp = folder.resolve("Send.btp");
        Files.writeString(
                btp,
                "<Document><Stages><Stage CategoryId='9d0e4108-4cce-4536-83fa-4a5040674ad6'><Components><Component><Name>Contoso.Zip</Name>"
                        + "<Properties><Property Name='Level'><Value>9</Value></Property></Properties></Component></Components></Stage></Stages></Document>");
        Path file = folder.resolve("b.xml");
        Files.writeString(file, binding.xml());
        assertThat(Migration.biztalk(List.of(file, btp), Optional.empty()).configuration())
                .contains("<encode>", "<component class=\"Contoso.Zip\">", "<property name=\"Level\" value=\"9\"/>");
    }

    @Test
    void asksForTheStylesheetOfEachMap() throws Exception {
        Imported imported = imported(BindingText.complete()
                .holding(
                        "<Transforms><Transform FullName='Contoso.A_to_B'/><Transform FullName='Contoso.C_to_D'/></Transforms>")
                .xml());
        assertThat(imported.configuration())
                .contains(
                        "<map messageType=\"{{A_to_B.sourceType}}\" stylesheet=\"import/A_to_B.xsl\"/>",
                        "import/C_to_D.xsl");
        assertThat(todos(imported))
                .contains("A_to_B.sourceType", "import/A_to_B.xsl", "C_to_D.sourceType", "import/C_to_D.xsl");
    }

    @Test
    void refusesDynamicPortsAndSkipsTwoWayPorts() throws Exception {
        Imported dynamic = imported(BindingText.complete()
                .attributes("IsStatic=\"false\" IsTwoWay=\"false\"")
                .xml());
        assertThat(rules(dynamic, Rule.BT_DYNAMIC)).hasSize(1);
        assertThat(dynamic.configuration()).contains("<dynamic domains=").contains("<!-- ");
        assertThat(dynamic.report().ports()).isEmpty();
        Imported twoWay = imported(BindingText.complete()
                .attributes("IsStatic=\"true\" IsTwoWay=\"true\"")
                .xml());
        assertThat(rules(twoWay, Rule.BT_NOT_MAIL)).hasSize(1);
    }

    @Test
    void keepsGroupsWithTheirMailMembers() throws Exception {
        Imported imported = imported(BindingText.complete()
                .beside(
                        "<DistributionListCollection><DistributionList Name='Mixed'><SendPorts><SendPortRef Name='P'/><SendPortRef Name='Files'/></SendPorts><Filter>"
                                + BindingText.escaped(
                                        "<Filter><Group><Statement Property='BTS.MessageType' Operator='6'/></Group></Filter>")
                                + "</Filter></DistributionList><DistributionList Name='NoMail'><SendPorts><SendPortRef Name='Files'/></SendPorts></DistributionList></DistributionListCollection>")
                .xml());
        assertThat(imported.configuration())
                .contains("<sendPortGroup name=\"Mixed\">", "<member port=\"P\"/>", "exists=\"true\"")
                .doesNotContain("NoMail");
        assertThat(told(imported)).contains("NoMail", "Files");
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void convertsNamesToValidUniqueNames() throws Exception {
        Imported imported = imported(BindingText.complete()
                .named("A/B (x)")
                .xml()
                .replace(
                        "\n</SendPortCollection>",
                        BindingText.complete().named("A_B _x").port()
                                + BindingText.complete().named("n".repeat(130)).port() + "\n</SendPortCollection>"));
        assertThat(imported.report().ports())
                .extracting(port -> port.name())
                .doesNotHaveDuplicates()
                .contains("A_B _x");
        assertThat(told(imported)).contains("A/B (x)");
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void asksForWhatADeploymentToolFillsIn() throws Exception {
        Imported imported =
                imported(BindingText.complete().with("To", "${OrdersTo}").xml());
        assertThat(imported.configuration()).contains("to=\"{{P.to}}\"").doesNotContain("to=\"${OrdersTo}\"");
        assertThat(imported.report().isComplete()).isFalse();
    }

    @Test
    void reportsABindingWithoutMailPorts() throws Exception {
        Imported empty = imported("<BindingInfo/>");
        assertThat(empty.report().isComplete()).isFalse();
        assertThat(problems(empty)).isEmpty();
        Imported files = imported(BindingText.complete()
                .adapter("FILE")
                .address("ftp://user:canary@host/x?key=canary")
                .xml());
        assertThat(told(files)).contains("send port P").doesNotContain("canary");
    }

    @Test
    void listsTheSourcesThatFeedAPort() throws Exception {
        String xml = BindingText.complete()
                .beside(
                        "<PartyCollection><Party Name='Acme'><SendPorts><SendPortRef Name='P'/></SendPorts></Party></PartyCollection>")
                .xml()
                .replace(
                        "<SendPortCollection>",
                        "<ModuleRefCollection><ModuleRef Name='M'><Services><Service Name='Orch'><Ports><Port Name='Out'><SendPortRef Name='P'/></Port></Ports></Service></Services></ModuleRef></ModuleRefCollection><SendPortCollection>");
        assertThat(imported(xml).report().ports().get(0).fedBy())
                .containsExactly("orchestration Orch, port Out: submit with --port", "party Acme");
    }

    @Test
    void importsAnIdenticalPortOnceAndRejectsAConflict() throws Exception {
        Path one = folder.resolve("one.xml");
        Path two = folder.resolve("two.xml");
        Files.writeString(one, BindingText.complete().xml());
        Files.writeString(two, BindingText.complete().xml());
        assertThat(Migration.biztalk(List.of(one, two), Optional.empty())
                        .report()
                        .ports())
                .hasSize(1);
        Files.writeString(
                two, BindingText.complete().with("To", "test@corp.example").xml());
        assertThatThrownBy(() -> Migration.biztalk(List.of(one, two), Optional.empty()))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("one.xml:3:1")
                .hasMessageContaining("two.xml:3:1");
    }

    @Test
    void recognizesMailAdaptersByClassIdOrName() throws Exception {
        assertThat(imported(BindingText.complete().adapter("smtp").xml())
                        .report()
                        .ports())
                .hasSize(1);
        assertThat(imported(BindingText.complete()
                                .adapter("Renamed\" ConfigurationClsid=\"8F36B311-b670-4cf6-aaec-04ebb80ed48d")
                                .xml())
                        .report()
                        .ports())
                .hasSize(1);
        assertThat(rules(
                        imported(BindingText.complete()
                                .adapter("Office365 Outlook Email")
                                .xml()),
                        Rule.BT_MAIL_ADAPTER))
                .hasSize(1);
    }

    @Test
    void warnsAboutUnknownSettings() throws Exception {
        Imported imported = imported(BindingText.complete()
                .with("Sparkle", "yes")
                .holding("<Glitter>much</Glitter>")
                .beside("<RulesEnginePolicyCollection/>")
                .xml());
        assertThat(rules(imported, Rule.BT_UNKNOWN)).hasSize(3);
        assertThat(imported.report().findings())
                .filteredOn(each -> each.rule() == Rule.BT_UNKNOWN)
                .allMatch(each -> each.rule().severity() == Severity.WARNING);
    }

    @Test
    void rejectsAFileThatIsNotABinding() throws Exception {
        for (String content :
                List.of("<BindingInfo><SendPortCollection>", "just text", "", "<ApplicationDefinition/>")) {
            assertThatThrownBy(() -> imported(content))
                    .as(content)
                    .isInstanceOf(UnreadableException.class)
                    .hasMessageContaining("binding.xml");
        }
        assertThatThrownBy(() -> Migration.biztalk(List.of(folder), Optional.empty()))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("folder");
        assertThatThrownBy(() -> Migration.biztalk(List.of(folder.resolve("none.xml")), Optional.empty()))
                .hasMessageContaining("does not exist");
    }

    @Test
    void readsAFileOfTheFirstVersion() throws Exception {
        Imported imported = imported(BindingText.complete()
                .transport("<RetryCount>3</RetryCount>")
                .holding(
                        "<TransmitPipeline FullyQualifiedName='Microsoft.BizTalk.DefaultPipelines:3.0.1.0:Microsoft.BizTalk.DefaultPipelines.PassThruTransmit'/>")
                .xml()
                .replace("3.5.1.0", "3.0.1.0"));
        assertThat(imported.configuration())
                .contains("host=\"BizTalkServerApplication\"")
                .doesNotContain("<pipeline");
    }

    @Test
    void writesWellFormedXmlForAnyText() throws Exception {
        String text = "-- <x> & \" ' ]]> \u202E right to left -->";
        Imported imported = imported(BindingText.complete()
                .named("a--b")
                .with("Subject", text)
                .with("To", text)
                .holding("<Description>" + BindingText.escaped(text) + "</Description>")
                .xml());
        assertThat(problems(imported)).isEmpty();
        assertThat(told(imported)).doesNotContain("\u202E");
    }

    @Test
    void isDeterministicAndHandlesTwoThousandPorts() throws Exception {
        StringBuilder ports = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            ports.append(BindingText.complete()
                    .named("Port " + i)
                    .with("Subject", "s".repeat(8_000))
                    .port());
        }
        byte[] xml = BindingText.complete()
                .xml()
                .replace("\n</SendPortCollection>", ports + "\n</SendPortCollection>")
                .getBytes(StandardCharsets.UTF_8);
        // The limit of the class ends an import whose time grows with the square of the ports.
        Imported first = imported(xml, Optional.empty());
        assertThat(first.report().ports()).hasSize(2_001);
        assertThat(imported(xml, Optional.empty()).configuration()).isEqualTo(first.configuration());
    }

    @Test
    void showsEveryFindingAndTodoInJson() throws Exception {
        Report report = imported(BindingText.minimal().xml()).report();
        List<Object> ids = new ArrayList<>();
        for (Map<String, Object> each : report.objects()) {
            if ("todo".equals(each.get("type"))) {
                ids.add(each.get("id"));
            }
        }
        assertThat(ids).doesNotHaveDuplicates().hasSize(report.todos().size());
        assertThat(report.objects())
                .filteredOn(each -> "finding".equals(each.get("type")))
                .hasSize(report.findings().size());
        assertThat(Stream.of(Rule.values()).map(Rule::code)).doesNotHaveDuplicates();
    }

    private Imported withHandler(String handler, String binding) throws Exception {
        Path handlers = folder.resolve("handlers.xml");
        Files.writeString(
                handlers,
                "<handlers><handler host='Mail'><CustomProps>" + handler + "</CustomProps></handler></handlers>");
        Path file = folder.resolve("b.xml");
        Files.writeString(file, binding);
        return Migration.biztalk(List.of(file, handlers), Optional.empty());
    }

    @Test
    void aBackupTransportUsesTheServerAndLogOnOfTheHandler() throws Exception {
        Imported imported = withHandler(
                "<SMTPHost>relay.corp.example:26</SMTPHost><From>a@corp.example</From><SMTPAuthenticate>1</SMTPAuthenticate><Username>hu</Username>",
                BindingText.minimal()
                        .holding(
                                "<SecondaryTransport><Address>b@customer.example</Address><TransportType Name='SMTP'/><TransportTypeData>"
                                        + BindingText.escaped(
                                                BindingText.minimal().props())
                                        + "</TransportTypeData><SendHandler xsi:nil='true'/></SecondaryTransport>")
                        .xml());
        String text = imported.configuration().replaceAll("\\s+", " ");
        assertThat(text.substring(text.indexOf("<host "), text.indexOf("</host>")))
                .contains("host=\"relay.corp.example\" port=\"26\" auth=\"basic\"");
        assertThat(text.substring(text.indexOf("<backupTransport>")))
                .contains("host=\"relay.corp.example\" port=\"26\"", "auth=\"basic\"", "user=\"hu\"");
        assertThat(rules(imported, Rule.BT_SERVER_HANDLER)).isEmpty();
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void reportsAnAccountWhoseUseDependsOnTheHandler() throws Exception {
        Imported imported = imported(BindingText.complete()
                .without("SMTPAuthenticate")
                .with("Username", "bob")
                .with("Password", "canary-8")
                .xml());
        assertThat(told(imported)).contains("bob").doesNotContain("canary-8");
        assertThat(rules(imported, Rule.BT_PASSWORD_CLEAR)).hasSize(1);
        assertThat(withHandler(
                                "<SMTPAuthenticate>0</SMTPAuthenticate><From>a@corp.example</From>",
                                BindingText.minimal().xml())
                        .configuration())
                .contains("auth=\"none\"")
                .doesNotContain("smtp.auth");
    }

    @Test
    void masksWhateverCouldBeASecret() throws Exception {
        Imported mail = imported(BindingText.complete()
                .adapter("nSoftware Email")
                .address("smtp://user:canary/1@h/?password=canary-2")
                .xml());
        Imported file = imported(BindingText.complete()
                .adapter("FTP")
                .address("ftp://user:pa/canary-3@h")
                .xml());
        Imported props = imported(BindingText.complete()
                .with("SharedAccessKey", "canary-4")
                .with("SmtpPwd", "canary-5")
                .xml());
        for (Imported each : List.of(mail, file, props)) {
            assertThat(each.configuration() + told(each)).doesNotContain("canary");
        }
    }

    @Test
    void keepsHostsSeparateWhenTheirNamesCollide() throws Exception {
        Imported imported = imported(BindingText.complete()
                .transport("<SendHandler Name='A/B'/>")
                .xml()
                .replace(
                        "\n</SendPortCollection>",
                        BindingText.complete()
                                        .named("Q")
                                        .transport("<SendHandler Name='A_B'/>")
                                        .port() + "\n</SendPortCollection>"));
        assertThat(imported.configuration()).contains("<host name=\"A_B\"", "<host name=\"A_B 2\"");
        assertThat(problems(imported)).isEmpty();
    }

    @Test
    void reportsGroupsInTheTextAndWritesThemOnce() throws Exception {
        String group =
                "<DistributionListCollection><DistributionList Name='GG'><SendPorts><SendPortRef Name='P'/></SendPorts><Filter>"
                        + BindingText.escaped(
                                "<Filter><Group><Statement Property='BTS.MessageType' Operator='9'/></Group></Filter>")
                        + "</Filter></DistributionList></DistributionListCollection>";
        Path one = folder.resolve("one.xml");
        Path two = folder.resolve("two.xml");
        Files.writeString(one, BindingText.complete().beside(group).xml());
        Files.writeString(two, BindingText.complete().beside(group).xml());
        Imported imported = Migration.biztalk(List.of(one, two), Optional.empty());
        assertThat(String.join("\n", ReportText.lines(imported.report(), "s.xml")))
                .contains("group \"GG\"", "BT-FILTER-REFUSED");
        assertThat(imported.configuration().split("<sendPortGroup", -1)).hasSize(2);
    }

    @Test
    void keepsTheLocalTimeOfAWindowWithAnOffset() throws Exception {
        assertThat(imported(
                                BindingText.complete()
                                        .transport(window("2000-01-01T08:00:00-07:00", "2000-01-01T16:59:59-07:00"))
                                        .xml()
                                        .getBytes(StandardCharsets.UTF_8),
                                Optional.of("America/Los_Angeles"))
                        .configuration())
                .contains("from=\"08:00\" to=\"17:00\" zone=\"America/Los_Angeles\"");
    }

    @Test
    void refusesAFilterWithAnUnknownElement() throws Exception {
        Imported imported = imported(BindingText.complete()
                .holding("<Filter>" + BindingText.escaped("<Filter><Grp/></Filter>") + "</Filter>")
                .xml());
        assertThat(rules(imported, Rule.BT_FILTER_REFUSED)).hasSize(1);
    }

    @Test
    void readsPropertiesWithoutAnEnclosingElement() throws Exception {
        assertThat(imported(BindingText.complete()
                                .data(
                                        "<To>b@customer.example</To><From>a@corp.example</From><SMTPHost>m</SMTPHost><SMTPAuthenticate>0</SMTPAuthenticate>")
                                .xml())
                        .report()
                        .isComplete())
                .isTrue();
    }

    @Test
    void reportsInvalidNumbers() throws Exception {
        Imported imported = imported(BindingText.complete()
                .transport("<RetryCount>${RC}</RetryCount><RetryInterval>5</RetryInterval><SendHandler Name='Mail'/>")
                .xml());
        assertThat(rules(imported, Rule.BT_UNREADABLE)).hasSize(1);
        assertThat(imported(BindingText.complete().with("SMTPAuthenticate", "9").xml())
                        .configuration())
                .contains("auth=\"{{Mail.smtp.auth}}\"");
    }

    @Test
    void writesCompilableClassesForCustomComponents() throws Exception {
        StringBuilder stages = new StringBuilder("<Root><Stages>");
        int number = 0;
        for (String category : List.of("9d0e4101", "9d0e4107", "9d0e4108")) {
            stages.append(
                    "<Stage CategoryId='" + category
                            + "-4cce-4536-83fa-4a5040674ad6'><Components><Component Name='Contoso.Part" + number++
                            + "'><Properties><Folder vt='8'>x</Folder><class vt='8'>y</class><Max-Size vt='3'>1</Max-Size></Properties></Component></Components></Stage>");
        }
        Imported imported = imported(BindingText.complete()
                .holding("<TransmitPipeline FullyQualifiedName='Contoso.Send, Contoso'/><SendPipelineData>"
                        + BindingText.escaped(stages + "</Stages></Root>") + "</SendPipelineData>")
                .xml());
        List<String> arguments = new ArrayList<>(
                List.of("-d", folder.resolve("classes").toString(), "-cp", System.getProperty("java.class.path")));
        for (Map.Entry<String, String> each : imported.files().entrySet()) {
            Path file = folder.resolve(each.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, each.getValue());
            if (each.getKey().endsWith(".java")) {
                arguments.add(file.toString());
            }
        }
        assertThat(arguments).hasSize(4 + 3);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        assertThat(javax.tools.ToolProvider.getSystemJavaCompiler()
                        .run(null, said, said, arguments.toArray(String[]::new)))
                .as(said.toString(StandardCharsets.UTF_8))
                .isZero();
    }
}
