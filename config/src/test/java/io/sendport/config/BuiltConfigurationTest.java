package io.sendport.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.Stage;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import io.sendport.config.build.SendportConfiguration;
import io.sendport.config.build.SmtpBuilder.Tls;
import io.sendport.config.read.ConfigurationException;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Placeholders;
import io.sendport.config.read.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A configuration that is built in Java means what the same configuration in XML means. */
class BuiltConfigurationTest {

    /** These say which files were read. */
    private static final Set<String> OF_FILES = Set.of("file", "files", "patterns", "namedFiles", "sha256");

    @TempDir
    Path folder;

    private Reading read(String xml) throws IOException {
        Path file = folder.resolve("sendport.xml");
        Files.writeString(file, "<sendport xmlns='urn:sendport:config:1'>" + xml + "</sendport>");
        return new ConfigurationReader(new AnyValue()).read(file);
    }

    private static void requireEqual(Reading built, Reading written) {
        List<String> differences = Equivalence.differences(
                built.configuration().orElseThrow(), written.configuration().orElseThrow());
        assertThat(differences).isSubsetOf(OF_FILES);
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples"))) {
            return Stream.concat(
                    files
                            .filter(file -> file.toString().endsWith(".xml") && !file.endsWith("invoice.xml"))
                            .toList()
                            .stream(),
                    Stream.of(Path.of("src/test/resources/io/sendport/config/read/contract-example.xml")));
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsEachExampleTheSameFromATreeAsFromAFile(Path example) {
        Reading written = new ConfigurationReader(new AnyValue()).read(example);
        Path place = example.toAbsolutePath().normalize();
        List<Settings> elements =
                written.elements().stream().filter(each -> !each.has("file")).toList();
        Reading built = ConfigurationReader.read(
                new Settings("sendport", new io.sendport.api.settings.Origin(place, 1, 1), Map.of(), elements, ""));
        requireEqual(built, written);
        assertThat(built.errors())
                .containsExactlyElementsOf(written.errors().stream()
                        .filter(each ->
                                !Set.of("<include> file", "<properties> file").contains(each.where()))
                        .toList());
    }

    @Test
    void buildsTheSameConfigurationAsTheFile() throws Exception {
        Reading written = read("""
                <properties><property name='place' value='Köln'/></properties>
                <messageBox url='jdbc:sqlite:box.db'><retention bodies='P2D' messages='P9D'/></messageBox>
                <promote property='Number' xpath='/i:Invoice/i:ID' xmlns:i='urn:invoice'/>
                <smtpConnection name='Relay' host='relay.example' port='587' tls='required' auth='basic' user='u' password='s3cret-canary'
                    maxConnections='2'><rate messages='10' per='PT1M'/><replies preset='postfix'/></smtpConnection>
                <host name='Mail' redirectTo='t@corp.example'><smtp connection='Relay'/><mail from='a@corp.example'/>
                  <retry count='10' interval='PT1M' backoff='2.5' maxInterval='PT1H' maxAge='PT48H' inDoubt='hold'/></host>
                <pipeline name='Invoices'><preAssemble><component bean='lambda'/></preAssemble>
                  <encode><smime signature='clear' signingKey='k.p12' signingKeyPassword='s3cret-canary'/></encode></pipeline>
                <sendPort name='Invoices' host='Mail' pipeline='Invoices' ordered='true' priority='2'>
                  <mail to='b@customer.example, c@customer.example' subject='Invoice %Number%' domains='customer.example'>
                    <header name='X-Kind' value='invoice'/><body type='text/plain'>Hello</body><attach parts='all'/></mail>
                  <subscribe><all><match property='Kind' equals='invoice'/><match property='Number' exists='true'/></all></subscribe>
                  <rate messages='5' per='PT1S'/><limits maxWaiting='7'/>
                  <serviceWindow days='mon-fri' from='08:00' to='18:00' zone='UTC'/>
                </sendPort>
                <sendPort name='Alerts' host='Mail'><dynamic domains='corp.example'/><smtp host='other.example' tls='none'/></sendPort>
                <sendPortGroup name='All'><member port='Invoices'/><member port='Alerts'/></sendPortGroup>
                """);
        assertThat(written.errors()).isEmpty();
        MessageComponent stamp = (message, scope) -> Optional.of(message);
        Secret password = new Secret("s3cret-canary");
        SendportConfiguration built = SendportConfiguration.builder()
                .folder(folder)
                .property("place", "Köln")
                .messageBox(box -> box.sqlite(Path.of("box.db"))
                        .keepBodies(Duration.ofDays(2))
                        .keepMessages(Duration.ofDays(9)))
                .promote("Number", "/i:Invoice/i:ID", Map.of("i", "urn:invoice"))
                .connection("Relay", relay -> relay.server("relay.example", 587)
                        .tls(Tls.REQUIRED)
                        .basic("u", password)
                        .maxConnections(2)
                        .rate(10, Duration.ofMinutes(1))
                        .replies("postfix"))
                .host("Mail", host -> host.redirectTo("t@corp.example")
                        .smtp(smtp -> smtp.connection("Relay"))
                        .mail(mail -> mail.from("a@corp.example"))
                        .retry(retry -> retry.count(10)
                                .interval(Duration.ofMinutes(1))
                                .backoff(2.5, Duration.ofHours(1))
                                .maxAge(Duration.ofDays(2))
                                .holdInDoubt()))
                .port("Invoices", port -> port.pipeline(pipeline ->
                                pipeline.component(stamp).smime(smime -> smime.sign(Path.of("k.p12"), password)))
                        .to("b@customer.example", "c@customer.example")
                        .subject("Invoice %Number%")
                        .domains("customer.example")
                        .mail(mail -> mail.header("X-Kind", "invoice")
                                .text("Hello")
                                .attach(attach -> attach.set("parts", "all")))
                        .subscribe(all -> all.isEqual("Kind", "invoice").exists("Number"))
                        .ordered()
                        .priority(2)
                        .rate(5, Duration.ofSeconds(1))
                        .limits(limits -> limits.set("maxWaiting", 7))
                        .serviceWindow(window -> window.set("days", "mon-fri")
                                .set("from", "08:00")
                                .set("to", "18:00")
                                .set("zone", "UTC")))
                .port("Alerts", port -> port.dynamic("corp.example")
                        .smtp(smtp -> smtp.server("other.example").tls(Tls.NONE)))
                .group("All", group -> group.members("Invoices", "Alerts"))
                .build();
        requireEqual(built.reading(), written);
        assertThat(built.components()).containsExactly(Map.entry("lambda", stamp));
    }

    @Test
    void reportsTheLocationOfAllProblemsAtOnce() {
        assertThatThrownBy(() -> SendportConfiguration.builder()
                        .host("Mail", host -> host.smtp(smtp -> smtp.server("relay.example", 99_999)))
                        .port("Invoices", port -> port.from("a@corp.example")
                                .to("nobody")
                                .smtp(smtp -> smtp.set("colour", "red").set("maxAge", "soon"))
                                .mail(mail -> mail.attach(one -> one.set("parts", "all"))
                                        .attach(two -> two.set("parts", "some"))))
                        .port("Alerts", port -> port.host("Other").add("carrier", pigeon -> {}))
                        .build())
                .isInstanceOfSatisfying(ConfigurationException.class, e -> assertThat(e.problems())
                        .extracting(Problem::toString)
                        .anyMatch(each ->
                                each.startsWith("host \"Mail\" > smtp > port: <smtp> port: '99999' is too large"))
                        .anyMatch(each -> each.startsWith(
                                "sendPort \"Invoices\" > smtp > colour: <smtp>: has no attribute colour"))
                        .anyMatch(
                                each -> each.startsWith("sendPort \"Invoices\" > smtp > maxAge: <smtp> maxAge: 'soon'"))
                        .anyMatch(each -> each.startsWith("sendPort \"Invoices\" > mail > to: <mail> to: "))
                        .anyMatch(each -> each.startsWith("sendPort \"Invoices\" > mail > attach 2 > parts: "))
                        .anyMatch(each ->
                                each.startsWith("sendPort \"Alerts\" > carrier: <carrier>: is not allowed here"))
                        .anyMatch(each -> each.startsWith(
                                "sendPort \"Alerts\" > host: <sendPort> host: \"Other\" does not exist"))
                        .hasSize(7));
    }

    /** Each method writes names that the schema knows; only files are missing. */
    @Test
    void writesOnlyWhatTheSchemaKnows() {
        Path file = Path.of("missing");
        Secret secret = new Secret("s3cret-canary");
        Duration minute = Duration.ofMinutes(1);
        Settings tree = SendportConfiguration.builder()
                .description("everything")
                .messageBox(box -> box.postgresql("jdbc:postgresql://db/x?sslmode=verify-full", "u", secret)
                        .folder(file)
                        .keepAudit(Duration.ofDays(3650))
                        .limits(1_000_000, 1_000))
                .host("A", host -> host.identity("CORP", "svc", secret)
                        .auditRelay(relay -> relay.set("embedded", true).set("archive", file))
                        .routes("routes/*.xml")
                        .add("submission", feed -> feed.set("port", 2525)))
                .host(
                        "B",
                        host -> host.smtp(smtp -> smtp.server("b.example")
                                .ntlm("CORP", "u", secret)
                                .trustStore(file, secret)
                                .clientKey(file, secret)
                                .maxRecipients(5)
                                .timeouts(minute, minute)))
                .connection("Cloud", cloud -> cloud.server("c.example")
                        .description("a cloud")
                        .xoauth2("box@corp.example", oauth2 -> oauth2.set("preset", "google")))
                .connection(
                        "Kerberos",
                        relay -> relay.server("k.example").gssapi("u").trustStore(file))
                .connection("Own", relay -> relay.server("o.example").ntlm())
                .pipeline("All", pipeline -> pipeline.xslt(file)
                        .camel("direct:x")
                        .component(Stage.PRE_ASSEMBLE, own -> own.set("class", "com.example.X")
                                .set("timeout", minute))
                        .mime(mime -> mime.set("contentTransferEncoding", "base64"))
                        .smime(smime -> smime.profile("rfc8551")
                                .signOpaque(file, secret)
                                .encrypt(file)
                                .trustStore(file))
                        .smime(smime -> smime.encrypt("ldaps://ldap.example/dc=x")))
                .port("P", port -> port.host("B")
                        .pipeline("All")
                        .map("urn:x#y", file)
                        .camel("direct:y")
                        .backup(smtp -> smtp.connection("Cloud"))
                        .mail(mail -> mail.cc("c@customer.example")
                                .bcc("d@customer.example")
                                .replyTo("r@corp.example")
                                .envelopeFrom("e@corp.example")
                                .html("<p>Hello</p>"))
                        .subscribe(all -> all.isNotEqual("Kind", "x").match("Size", "less", "5")))
                .port("Q", port -> port.host("B").adapter(adapter -> adapter.set("class", "com.example.Y")))
                .group("G", group -> group.members("P").subscribe(all -> all.exists("Kind")))
                .tree();
        assertThat(ConfigurationReader.read(tree).problems())
                .extracting(Problem::toString)
                .isNotEmpty()
                .noneMatch(each -> each.contains("has no attribute")
                        || each.contains("is not allowed here")
                        || each.contains("is not known")
                        || each.contains("is not a valid"))
                .noneMatch(each -> each.contains("canary"));
    }

    @Test
    void rejectsAnIncludeElement() {
        Reading wrong = ConfigurationReader.read(SendportConfiguration.builder()
                .add("include", include -> include.set("file", "other.xml"))
                .tree());
        assertThat(wrong.errors())
                .extracting(Problem::toString)
                .containsExactly("include > file: <include> file: only a file can include a file; add its content");
    }

    @Test
    void neverShowsASecretAndTakesBracesLiterally() {
        SendportConfiguration built = SendportConfiguration.builder()
                .host(
                        "Mail",
                        host -> host.smtp(smtp -> smtp.server("relay.example")
                                .basic("u", new Secret("{{s3cret-canary}}"))
                                .set("ehlo", new Secret("hidden-canary"))))
                .port("P", port -> port.from("a@corp.example").to("b@customer.example"))
                .build();
        Settings smtp =
                built.reading().configuration().orElseThrow().ports().get(0).transport();
        assertThat(smtp.text("password")).contains("{{s3cret-canary}}");
        assertThat(smtp.attributes() + " " + built + built.reading()).doesNotContain("canary");
        assertThatThrownBy(() -> SendportConfiguration.builder()
                        .host("Mail", host -> host.set("redirectTo", new Secret("hidden-canary")))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("redirectTo")
                .hasMessageNotContaining("canary");
    }

    @Test
    void saysWhichPortsAProblemConcerns() {
        Reading wrong = ConfigurationReader.read(SendportConfiguration.builder()
                .host("Mail", host -> host.smtp(smtp -> smtp.server("relay.example")))
                .port("Good", port -> port.from("a@corp.example").to("b@customer.example"))
                .port("Bad", port -> port.from("a@corp.example").to("nobody"))
                .tree());
        assertThat(wrong.portsConcerned(wrong.errors()).orElseThrow()).containsOnlyKeys("Bad");
    }

    /** Gives every placeholder its default, or a value. */
    private static final class AnyValue implements Placeholders {
        private static final Pattern FORM = Pattern.compile("\\{\\{(?:env:|file:)?[^{}:]+(:?)([^{}]*)}}");

        @Override
        public void define(Map<String, String> properties) {
            // Every value is the same.
        }

        @Override
        public String resolve(String text, Path start) {
            return FORM.matcher(text).replaceAll(found -> found.group(1).isEmpty() ? "s3cret-canary" : found.group(2));
        }
    }
}
