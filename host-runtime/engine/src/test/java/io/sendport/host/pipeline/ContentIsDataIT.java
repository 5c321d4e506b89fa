package io.sendport.host.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.host.camel.HostCamelContext;
import io.sendport.host.run.submit.DynamicAddress;
import io.sendport.support.Domains;
import io.sendport.testing.DeepTries;
import io.sendport.testing.PropertiesInTurn;
import io.sendport.testing.ScriptedServer;
import jakarta.mail.internet.InternetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.camel.CamelContext;

/**
 * Whatever a message brings, in every place where it may come to stand: the mail has the fields, the parts and the recipients that it has
 * with a harmless value, and the server gets the commands for it and no others; or there is no mail.
 */
@AddLifecycleHook(DeepTries.class)
@AddLifecycleHook(PropertiesInTurn.class)
class ContentIsDataIT {

    /** A server keeps all that it was told, so it gets a successor now and then. */
    private static final int TRIES_PER_SERVER = 20;

    private static final List<String> USUAL = List.of(
            "Date",
            "From",
            "Reply-To",
            "To",
            "Cc",
            "Subject",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
            "Content-Disposition",
            "Content-Transfer-Encoding");

    private static final int MIN_SENT_IN_A_HUNDRED = 10;

    private static final Map<String, ValuePlace> PLACES = ValuePlace.all();

    private static Path folder;
    private static ScriptedServer server;
    private static TestPorts ports;
    private static HostCamelContext camel;
    private static int tries;
    private static int sent;

    private static String port(String name, int port, String inside) {
        return "<sendPort name='" + name + "' host='H'><smtp host='127.0.0.1' port='" + port + "' tls='none'/>" + inside
                + "</sendPort>";
    }

    @Provide
    Arbitrary<String> values() {
        return HostileValues.any();
    }

    @BeforeProperty
    void begin() throws Exception {
        folder = Files.createTempDirectory("content-is-data-");
        tries = 0;
        sent = 0;
    }

    @BeforeTry
    void renewTheServer() throws Exception {
        if (tries++ % TRIES_PER_SERVER != 0) {
            return;
        }
        stop();
        server = new ScriptedServer()
                .offering("250-test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-DSN\r\n250-MT-PRIORITY\r\n250 SMTPUTF8");
        StringBuilder content = new StringBuilder("<host name='H'/>");
        PLACES.forEach((name, place) -> content.append(port(name, server.port(), place.mail())));
        content.append(port("Body", server.port(), "<mail from='a@corp.example' to='b@customer.example'/>"));
        content.append(port(
                "Attached",
                server.port(),
                "<mail from='a@corp.example' to='b@customer.example'><body text='x'/><attach parts='all'/></mail>"));
        content.append(port(
                "Dynamic",
                server.port(),
                "<dynamic domains='customer.example *.partner.example'/><mail from='a@corp.example' subject='s'/>"));
        camel = new HostCamelContext(
                "H",
                Map.of(),
                PLACES.keySet(),
                submission -> {
                    throw new IllegalStateException("nothing is submitted here");
                },
                Clock.systemUTC());
        Services services = Services.bare("H", Clock.systemUTC(), Optional.empty());
        ports = new TestPorts(folder, content.toString(), services.with(CamelContext.class, camel.context()));
    }

    private void stop() throws Exception {
        if (ports != null) {
            ports.close();
            camel.close();
            server.close();
        }
    }

    @AfterProperty
    void end() throws Exception {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertThat(sent).as("values that were sent").isGreaterThan(tries * MIN_SENT_IN_A_HUNDRED / 100);
    }

    private static Message message(Map<String, Object> properties, Part part) {
        return new Message(
                MessageId.random(), Instant.parse("2026-11-21T08:00:00Z"), Context.of(properties), List.of(part));
    }

    private static Part text() {
        return Part.body("text/plain", Body.of("content", StandardCharsets.US_ASCII))
                .withFileName("own.txt");
    }

    /** The only delivery; empty when the message would be suspended, for a reason that can be shown to a person. */
    private Optional<Delivery> delivery(String port, Message message) {
        try {
            List<Delivery> deliveries = ports.run(port, message).deliveries();
            assertThat(deliveries).hasSize(1);
            return Optional.of(deliveries.get(0));
        } catch (PipelineException e) {
            assertThat(e.getMessage())
                    .doesNotContain("\r", "\n", "\0", "\u001B", "\u2028")
                    .hasSizeLessThan(1_500);
            return Optional.empty();
        }
    }

    /** What the server got is this delivery and nothing else. */
    private void send(String port, Delivery delivery) throws Exception {
        int commands = server.commands().size();
        int mails = server.mails().size();
        assertThat(ports.send(port, delivery).recipients())
                .allMatch(each -> each.outcome() == Outcome.ACCEPTED)
                .hasSameSizeAs(delivery.recipients());
        List<String> told = server
                .commands()
                .subList(commands, server.commands().size())
                .stream()
                .filter(line -> !line.matches("CONNECT|EHLO \\S+|RSET|NOOP|QUIT"))
                .toList();
        int recipients = delivery.recipients().size();
        assertThat(told).hasSize(3 + recipients);
        assertCommand(told.get(0), "MAIL FROM:<" + spoken(delivery.sender().orElseThrow()) + ">");
        for (int i = 0; i < recipients; i++) {
            assertCommand(
                    told.get(1 + i), "RCPT TO:<" + spoken(delivery.recipients().get(i)) + ">");
        }
        assertThat(told.subList(1 + recipients, told.size())).containsExactly("DATA", ".");
        assertThat(server.mails()).hasSize(mails + 1);
        assertThat(server.mails().get(mails)).isEqualTo(WireView.of(delivery).text());
        sent++;
    }

    /** Behind the address come parameters alone. */
    private static void assertCommand(String line, String command) {
        assertThat(line).startsWith(command);
        assertThat(line.substring(command.length())).matches("( [A-Z0-9-]+(=[!-~]+)?)*");
    }

    private static String spoken(MailAddress address) {
        return new String(address.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static int addresses(WireView mail, String field) throws Exception {
        return InternetAddress.parseHeader(mail.field(field), true).length;
    }

    @Property
    void aMacroCannotAddAFieldARecipientOrACommand(@ForAll("values") String value) throws Exception {
        for (Map.Entry<String, ValuePlace> each : PLACES.entrySet()) {
            String place = each.getKey();
            Delivery harmless = delivery(
                            place, message(Map.of("H", each.getValue().harmless()), text()))
                    .orElseThrow();
            Optional<Delivery> made = delivery(place, message(Map.of("H", value), text()));
            if (made.isEmpty()) {
                continue;
            }
            WireView mail = WireView.of(made.get());
            assertThat(mail.fieldNames())
                    .as(place)
                    .isEqualTo(WireView.of(harmless).fieldNames());
            for (String field : List.of("From", "To", "Cc", "Reply-To", "Resent-To")) {
                assertThat(addresses(mail, field)).as(place).isEqualTo(addresses(WireView.of(harmless), field));
            }
            assertThat(made.get().recipients()).as(place).hasSameSizeAs(harmless.recipients());
            for (MailAddress address : made.get().recipients()) {
                if (!harmless.recipients().contains(address)) {
                    assertThat(place).matches("(to|cc|bcc)-(local|domain|whole)");
                    assertThat(address.toString()).matches(wanted(place));
                    assertThat(address.namesRoute()).isFalse();
                }
            }
            assertThat(made.get().sender().orElseThrow().toString())
                    .as(place)
                    .satisfiesAnyOf(
                            sender -> assertThat(sender)
                                    .isEqualTo(harmless.sender().orElseThrow().toString()),
                            sender -> assertThat(sender).matches(wanted(place)));
            send(place, made.get());
        }
    }

    private static String wanted(String place) {
        return place.endsWith("-local")
                ? "x\\+.+@customer\\.example"
                : place.endsWith("-domain")
                        ? "x@(customer|corp|.+\\.partner)\\.example"
                        : ".+@(customer|corp|.+\\.partner)\\.example";
    }

    @Property
    void aFileNameOrMediaTypeCannotAddAFieldOrAPart(@ForAll("values") String value) throws Exception {
        boolean ready = value.toLowerCase(Locale.ROOT).startsWith("message/rfc822");
        for (String port : List.of("Body", "Attached")) {
            Delivery harmless = delivery(port, message(Map.of(), text())).orElseThrow();
            for (Part part : List.of(text().withFileName(value), text().withContentType(value))) {
                Optional<Delivery> made =
                        delivery(port, message(Map.of("MIME.FileName", value, "Content-Type", value), part));
                if (made.isPresent() && !ready) {
                    assertThat(WireView.of(made.get()).fieldNames())
                            .isEqualTo(WireView.of(harmless).fieldNames());
                    assertThat(made.get().recipients()).isEqualTo(harmless.recipients());
                    send(port, made.get());
                }
            }
        }
    }

    /** A finished mail as content: its header fields are its own, its recipients are the port's. */
    @Property
    void aFinishedMailDoesNotChangeTheEnvelope(@ForAll("values") String value) throws Exception {
        String content = "From: x@corp.example\r\nTo: " + value + "\r\nBcc: evil@attacker.example\r\nResent-Bcc: "
                + value + "\r\nSubject: " + value + "\r\n\r\n" + value;
        Body body = Body.of(content, StandardCharsets.UTF_8);
        for (Part part : List.of(
                Part.body("message/rfc822", body),
                new Part("body", "", Context.empty().with("MIME.IsMIMEEncoded", true), body))) {
            Optional<Delivery> made = delivery("Body", message(Map.of(), part));
            if (made.isPresent()) {
                assertThat(made.get().recipients()).hasToString("[b@customer.example]");
                assertThat(made.get().sender().orElseThrow()).hasToString("a@corp.example");
                assertThat(WireView.of(made.get()).field("Bcc")).isEmpty();
                send("Body", made.get());
            }
        }
    }

    @Property
    void submitterPropertiesHaveNoEffectOnAPortWithAFixedAddress(@ForAll("values") String value) throws Exception {
        Message plain = message(Map.of(), text());
        Context context = Context.of(Map.of("BTS.OutboundTransportLocation", "mailto:" + value));
        for (String name : List.of(
                "SMTP.From",
                "SMTP.To",
                "SMTP.CC",
                "SMTP.Bcc",
                "SMTP.ReplyTo",
                "SMTP.Subject",
                "SMTP.EmailBodyText",
                "SMTP.EmailBodyTextCharset",
                "SMTP.EmailBodyFile",
                "SMTP.Attachments",
                "smtp.to",
                "to",
                "Bcc",
                "H")) {
            context = context.with(name, value);
        }
        Delivery harmless = delivery("Attached", plain).orElseThrow();
        Delivery made = delivery("Attached", new Message(plain.id(), plain.submittedAt(), context, plain.parts()))
                .orElseThrow();
        assertThat(WireView.of(made)).isEqualTo(WireView.of(harmless));
        assertThat(made.recipients()).isEqualTo(harmless.recipients());
        send("Attached", made);
    }

    /** Where a submitter may say where it goes, it goes nowhere but to the domains of the port. */
    @Property
    void addressesFromAMessageAreLimitedToTheDomainsOfThePort(@ForAll("values") String value) throws Exception {
        String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
        for (String mailto : List.of(
                "mailto:joe@customer.example?subject=" + encoded,
                "mailto:joe@customer.example?body=" + encoded,
                "mailto:joe@customer.example?from=" + encoded,
                "mailto:joe@customer.example?reply-to=" + encoded,
                "mailto:joe@customer.example?cc=" + encoded,
                "mailto:joe@customer.example?bcc=" + encoded,
                "mailto:" + encoded + "@customer.example",
                "mailto:" + encoded,
                "mailto:joe@customer.example" + value,
                value)) {
            keepsToItsDomains(Context.of(Map.of("BTS.OutboundTransportLocation", mailto)));
        }
        for (String name : List.of(
                "SMTP.From",
                "SMTP.To",
                "SMTP.CC",
                "SMTP.Bcc",
                "SMTP.ReplyTo",
                "SMTP.Subject",
                "SMTP.EmailBodyText",
                "SMTP.EmailBodyTextCharset")) {
            Context harmless = Context.of(Map.of("SMTP.To", "joe@customer.example", "SMTP.EmailBodyText", "text"));
            keepsToItsDomains(harmless.with(name, value));
        }
    }

    private void keepsToItsDomains(Context given) throws Exception {
        Message message = message(Map.of(), text());
        Context context;
        try {
            context = DynamicAddress.of(
                    "Dynamic", Optional.of(Domains.parse("customer.example *.partner.example")), given);
        } catch (SubmissionRefusedException e) {
            assertThat(e.getMessage()).doesNotContain("\r", "\n", "\0", "\u2028");
            return;
        }
        Optional<Delivery> made =
                delivery("Dynamic", new Message(message.id(), message.submittedAt(), context, message.parts()));
        if (made.isPresent()) {
            assertThat(made.get().recipients()).allSatisfy(address -> {
                assertThat(address.domain()).matches("customer\\.example|.+\\.partner\\.example");
                assertThat(address.namesRoute()).isFalse();
            });
            assertThat(WireView.of(made.get()).fieldNames()).isSubsetOf(USUAL).doesNotHaveDuplicates();
            send("Dynamic", made.get());
        }
    }
}
