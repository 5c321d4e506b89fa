package io.sendport.host.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.Encoder;
import io.sendport.api.component.Stage;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.port.Pipeline;
import io.sendport.config.port.PortLimits;
import io.sendport.config.port.PortRetention;
import io.sendport.config.port.PortState;
import io.sendport.config.port.RetryRule;
import io.sendport.config.port.Schedule;
import io.sendport.config.port.SendPort;
import io.sendport.config.port.Written;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineRunTest {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectories(folder.resolve("plugins"));
        Files.createDirectories(folder.resolve("spool"));
    }

    private Settings element(String name, Map<String, String> attributes, Settings... children) {
        Origin origin = new Origin(folder.resolve("sendport.xml"), 7, 3);
        Map<String, Setting> settings = new LinkedHashMap<>();
        attributes.forEach((key, value) -> settings.put(key, Setting.plain(value, origin)));
        return new Settings(name, origin, settings, List.of(children), "");
    }

    private SendPort port(Settings... preAssemble) {
        Settings mail = element(
                "mail",
                Map.of(
                        "from",
                        "a@corp.example",
                        "to",
                        "b@customer.example",
                        "cc",
                        "c@customer.example",
                        "bcc",
                        "d@customer.example"));
        return new SendPort(
                "P",
                mail.origin(),
                "H",
                "",
                PortState.STARTED,
                new Pipeline("Test", List.of(preAssemble), Optional.empty(), List.of()),
                Map.of(),
                mail,
                Optional.empty(),
                element("smtp", Map.of()),
                List.of(),
                List.of(),
                RetryRule.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Schedule.ANY_TIME,
                PortLimits.DEFAULT,
                PortRetention.NONE,
                Map.of(),
                new Written(Settings.empty("sendPort", new Origin(Path.of("s.xml"), 1, 1))));
    }

    private Message message(String body) {
        return new Message(
                MessageId.random(),
                clock.instant(),
                Context.empty(),
                List.of(Part.body("text/plain", Body.of(body, StandardCharsets.UTF_8))));
    }

    private PipelineResult run(SendPort port, int maxRecipients, Message message) throws Exception {
        try (Catalog catalog = catalog();
                PipelineRun run = new PipelineRun(port, catalog, services(), Optional.empty(), maxRecipients)) {
            return run.run(message, new SpoolWorkspace(SpoolPlace.of(folder.resolve("spool"), false)));
        }
    }

    private Catalog catalog() {
        return new Catalog(Extensions.of(folder.resolve("plugins")));
    }

    private Services services() {
        return Services.bare("H", clock, Optional.empty());
    }

    private static String text(Delivery delivery) throws IOException {
        try (var in = delivery.mail().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void sealsOneDeliveryForAllRecipients() throws Exception {
        PipelineResult.Sealed sealed = (PipelineResult.Sealed) run(port(), 100, message("hello"));
        assertThat(sealed.deliveries()).hasSize(1);
        Delivery delivery = sealed.deliveries().get(0);
        assertThat(delivery.recipients()).hasSize(3);
        assertThat(text(delivery)).contains("To: b@customer.example").doesNotContain("d@customer.example");
        assertThat(sealed.timings()).extracting(Timing::component).containsExactly("mime", "seal");
    }

    /** Names its recipients as an encryption does; knows the customer's c and d only, and leaves out or refuses the others. */
    public record Naming(boolean skip) implements Encoder {
        @Override
        public boolean namesRecipients() {
            return true;
        }

        @Override
        public Entity encode(Entity entity, EncodeScope scope) throws IOException {
            for (MailAddress each : scope.recipients()) {
                boolean known = each.toString().matches("[cd]@.*");
                if (!known && skip) {
                    scope.leaveOut(each, "no certificate");
                } else if (!known) {
                    throw new IOException("no certificate for " + each);
                }
            }
            return entity;
        }
    }

    private SendPort naming(String to, String bcc, boolean skip) {
        SendPort plain = port();
        Settings mail = element("mail", Map.of("from", "a@corp.example", "to", to, "bcc", bcc));
        Settings encoder = element(
                "component",
                Map.of("class", Naming.class.getName()),
                element("property", Map.of("name", "skip", "value", Boolean.toString(skip))));
        return new SendPort(
                plain.name(),
                plain.origin(),
                plain.host(),
                "",
                PortState.STARTED,
                new Pipeline("Test", List.of(), Optional.empty(), List.of(encoder)),
                Map.of(),
                mail,
                Optional.empty(),
                plain.transport(),
                List.of(),
                List.of(),
                RetryRule.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Schedule.ANY_TIME,
                PortLimits.DEFAULT,
                PortRetention.NONE,
                Map.of(),
                new Written(Settings.empty("sendPort", new Origin(Path.of("s.xml"), 1, 1))));
    }

    @Test
    void createsADeliveryForEachBccWhenTheEncoderNamesRecipients() throws Exception {
        PipelineResult.Sealed sealed = (PipelineResult.Sealed)
                run(naming("c@customer.example", "d@customer.example, c@other.example", false), 100, message("x"));
        assertThat(sealed.deliveries())
                .extracting(each -> each.recipients().toString())
                .containsExactly("[c@customer.example]", "[d@customer.example]", "[c@other.example]");
        assertThat(text(sealed.deliveries().get(0))).doesNotContain("d@customer");
        assertThat(sealed.facts().get(1).get("readable")).contains("From", "To", "Message-ID");
    }

    @Test
    void failsWithAllReasonsWhenTheEncoderRejectsRecipients() {
        assertThatThrownBy(() -> run(
                        naming("x@customer.example", "d@customer.example, y@customer.example", false),
                        100,
                        message("x")))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("no certificate for x@customer.example")
                .hasMessageContaining("no certificate for y@customer.example");
    }

    @Test
    void omitsAndRecordsRecipientsThatTheEncoderSkips() throws Exception {
        PipelineResult.Sealed sealed = (PipelineResult.Sealed)
                run(naming("c@customer.example, x@customer.example", "y@customer.example", true), 100, message("x"));
        assertThat(sealed.deliveries())
                .extracting(each -> each.recipients().toString())
                .containsExactly("[c@customer.example]");
        assertThat(sealed.facts().get(1).get("leftOut"))
                .contains("x@customer.example: no certificate", "y@customer.example: no certificate");
        assertThatThrownBy(() -> run(naming("x@customer.example", "", true), 100, message("x")))
                .hasMessageContaining("no recipient is left");
    }

    @Test
    void splitsAtTheServersRecipientLimit() throws Exception {
        PipelineResult.Sealed sealed = (PipelineResult.Sealed) run(port(), 2, message("hello"));
        assertThat(sealed.deliveries())
                .extracting(each -> each.recipients().size())
                .containsExactly(2, 1);
        assertThat(sealed.deliveries().get(0).sha256())
                .isEqualTo(sealed.deliveries().get(1).sha256());
    }

    @Test
    void spoolsLargeContentAndDeletesItAfterwards() throws Exception {
        SpoolWorkspace workspace = new SpoolWorkspace(SpoolPlace.of(folder.resolve("spool"), false));
        try (Catalog catalog = catalog();
                PipelineRun run = new PipelineRun(port(), catalog, services(), Optional.empty(), 100)) {
            PipelineResult.Sealed sealed = (PipelineResult.Sealed) run.run(message("x".repeat(2_000_000)), workspace);
            assertThat(text(sealed.deliveries().get(0))).hasSizeGreaterThan(2_600_000);
            assertThat(folder.resolve("spool")).isNotEmptyDirectory();
        }
        workspace.close();
        assertThat(folder.resolve("spool")).isEmptyDirectory();
    }

    @Test
    void runsTheComponentFromTheDocumentation() throws Exception {
        compileTheDocumentationsComponent();
        Settings redact = element(
                "component",
                Map.of("class", "com.example.Redact"),
                element("property", Map.of("name", "pattern", "value", "\\d{16}")));
        PipelineResult.Sealed sealed =
                (PipelineResult.Sealed) run(port(redact), 100, message("card 1234567812345678 of mine\n"));
        assertThat(text(sealed.deliveries().get(0)))
                .contains(java.util.Base64.getMimeEncoder()
                        .encodeToString("card **** of mine\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void reportsEveryProblemInAComponentElement() throws Exception {
        compileTheDocumentationsComponent();
        try (Catalog catalog = catalog()) {
            Settings wrong = element(
                    "component",
                    Map.of("class", "com.example.Redact"),
                    element("property", Map.of("name", "pattern", "value", "(")),
                    element("property", Map.of("name", "colour", "value", "red")));
            assertThat(catalog.check(wrong, Stage.PRE_ASSEMBLE, services()).toString())
                    .contains(
                            "property pattern=\"(\" is not a valid Pattern",
                            "has no property colour",
                            "expected one of [pattern, mask]",
                            "sendport.xml:7:3");
            assertThat(catalog.check(wrong, Stage.ENCODE, services()).toString())
                    .contains("is not allowed in <encode>");
            assertThat(catalog.check(
                                    element("component", Map.of("class", "com.example.Redact")),
                                    Stage.PRE_ASSEMBLE,
                                    services())
                            .toString())
                    .contains("property pattern is missing");
            assertThat(catalog.check(
                                    element("component", Map.of("class", "com.example.None")),
                                    Stage.PRE_ASSEMBLE,
                                    services())
                            .toString())
                    .contains("unknown class com.example.None");
            assertThat(catalog.check(
                                    element("component", Map.of("class", "java.lang.String")),
                                    Stage.PRE_ASSEMBLE,
                                    services())
                            .toString())
                    .contains("is not a component");
        }
    }

    @Test
    void reportsAnInvalidPluginJar() throws Exception {
        Files.writeString(folder.resolve("plugins/broken.jar"), "not a jar");
        try (Catalog catalog = catalog()) {
            assertThat(catalog.pluginFaults().toString()).contains("broken.jar is not a valid jar");
        }
    }

    @Test
    void reportsStageComponentAndCauseOfAFailure() throws Exception {
        Files.writeString(
                folder.resolve("t.xsl"),
                "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'><x/></xsl:template></xsl:stylesheet>");
        Settings xslt = element("xslt", Map.of("stylesheet", "t.xsl", "name", "toHtml"));
        assertThat(text(((PipelineResult.Sealed) run(port(xslt), 100, message("<a/>")))
                        .deliveries()
                        .get(0)))
                .contains("Content-Type: text/xml; charset=utf-8");
        assertThatThrownBy(() -> run(port(xslt), 100, message("no xml")))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("stage preAssemble, component xslt toHtml: stylesheet t.xsl");
    }

    private void compileTheDocumentationsComponent() throws Exception {
        Matcher matcher = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../docs/writing-a-component.md")));
        assertThat(matcher.find()).isTrue();
        Path source = Files.createDirectories(folder.resolve("src/com/example")).resolve("Redact.java");
        Files.writeString(source, matcher.group(1));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.resolve("classes").toString(),
                        source.toString());
        assertThat(status).isZero();
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve("plugins/redact.jar")))) {
            for (Path file : new ArrayList<>(List.of(folder.resolve("classes/com/example/Redact.class")))) {
                jar.putNextEntry(new JarEntry("com/example/" + file.getFileName()));
                Files.copy(file, jar);
            }
        }
    }
}
