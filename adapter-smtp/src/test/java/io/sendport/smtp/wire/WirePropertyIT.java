package io.sendport.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.smtp.relay.Account;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.relay.Trust;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever stands in addresses, content and answers: the wire carries what was meant, and nothing hangs or is taken for what it isn't. */
class WirePropertyIT {

    private static final ScheduledExecutorService WATCHDOG = Executors.newScheduledThreadPool(1);

    @AfterContainer
    static void stop() {
        WATCHDOG.shutdownNow();
    }

    private static SmtpConnection connection(ScriptedServer server, Duration timeout)
            throws SmtpException, GeneralSecurityException, java.io.IOException {
        Relay relay = new Relay(
                "127.0.0.1",
                server.port(),
                Relay.Tls.NONE,
                Account.NONE,
                Trust.OF_THE_JDK,
                Optional.of("test"),
                new Relay.Limits(1, 100, timeout, timeout, 100, timeout, timeout, timeout, timeout));
        return new RelaySession(relay, WATCHDOG, Clock.systemUTC(), Optional.empty()).open();
    }

    private static Delivery delivery(Body mail, boolean eightBit, MailAddress recipient) {
        return new Delivery(
                new MessageId("6f0c2b1e-0000-4000-8000-000000000001"),
                1,
                Optional.of(MailAddress.parse("billing@corp.example")),
                List.of(recipient),
                Handling.USUAL,
                mail,
                eightBit ? Transparency.EIGHT_BIT : Transparency.SEVEN_BIT,
                "00",
                "<6f0c2b1e@corp.example>");
    }

    @Example
    void aMailCostsTwoRoundTripsOnAnOpenConnection() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            SmtpConnection connection = connection(server, Patience.LIMIT);
            for (int i = 0; i < 5; i++) {
                int before = connection.roundTrips();
                connection.transact(
                        delivery(
                                Body.of("Subject: x\r\n\r\n" + "line\r\n".repeat(1_000), StandardCharsets.US_ASCII),
                                false,
                                MailAddress.parse("a@customer.example")),
                        () -> true);
                assertThat(connection.roundTrips() - before).isEqualTo(2);
            }
            connection.quit();
            assertThat(server.mails()).hasSize(5);
        }
    }

    /** Three answers where one was due: what comes behind them answers RCPT and DATA, and not the final dot. */
    @Property(tries = 2, generation = GenerationMode.EXHAUSTIVE)
    void defersAMailThatIsAnsweredBeforeItsEnd(@ForAll("invitations") String last) throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.on("MAIL", "250 ok\r\n250 ok\r\n" + last);
            SmtpConnection connection = connection(server, Patience.LIMIT);
            Answer result = connection
                    .transact(
                            delivery(
                                    Body.of("x\r\n", StandardCharsets.US_ASCII),
                                    false,
                                    MailAddress.parse("a@customer.example")),
                            () -> true)
                    .get(0);
            assertThat(result.outcome()).isEqualTo(Outcome.DEFERRED);
            assertThat(result.reply().text())
                    .containsAnyOf("answered before the end of the mail: 250", "not an SMTP reply");
            assertThat(server.mails()).isEmpty();
        }
    }

    /** The second is what a property test once shrank to. */
    @Provide
    Arbitrary<String> invitations() {
        return Arbitraries.of("354 go on", "354\t");
    }

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> pieces = Arbitraries.of(
                "a",
                "@",
                "b.example",
                "\r",
                "\n",
                "\r\n",
                "\0",
                "<",
                ">",
                " ",
                "\"",
                "\\",
                ",",
                ";",
                ":",
                "RCPT TO:<x@y>",
                "\r\nDATA\r\n",
                "\u0085",
                "\u2028",
                "\u760D",
                "\u010A",
                "ü",
                "\uD800",
                "(c)",
                "%",
                "@@",
                "QUIT",
                ".",
                "x".repeat(300));
        return pieces.list().ofMinSize(1).ofMaxSize(8).map(list -> String.join("", list));
    }

    /** An address is refused before it reaches us, or stands on the wire as it is and alone. */
    @Property(tries = 400)
    void addressesCannotInjectCommands(@ForAll("hostile") String text) throws Exception {
        MailAddress address;
        try {
            address = MailAddress.parse(text.contains("@") ? text : text + "@b.example");
        } catch (IllegalArgumentException e) {
            return;
        }
        try (ScriptedServer server = new ScriptedServer()) {
            server.offering("250-test\r\n250-PIPELINING\r\n250 SMTPUTF8");
            SmtpConnection connection = connection(server, Patience.LIMIT);
            List<Answer> results = connection.transact(
                    delivery(Body.of("x\r\n", StandardCharsets.US_ASCII), false, address), () -> true);
            connection.quit();
            assertThat(results).hasSize(1);
            List<String> wire = new ArrayList<>(server.commands());
            String spoken = address.needsSmtpUtf8()
                    ? address.toString()
                    : address.withAsciiDomain().toString();
            String bytes = new String(spoken.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            assertThat(wire.subList(0, 2)).containsExactly("CONNECT", "EHLO test");
            assertThat(wire.get(2)).startsWith("MAIL FROM:<billing@corp.example>");
            assertThat(wire.get(3)).isEqualTo("RCPT TO:<" + bytes + ">");
            assertThat(wire.subList(4, 6)).containsExactly("DATA", ".");
        }
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> line = Arbitraries.oneOf(
                Arbitraries.of(".", "..", ". ", ".\t", "", "QUIT", "RSET", "...", ".x", " .", "MAIL FROM:<x@y>"),
                Arbitraries.strings().withCharRange(' ', 'ÿ').ofMaxLength(200),
                Arbitraries.strings().withChars(".").ofMinLength(1).ofMaxLength(9_000));
        return line.list().ofMaxSize(30);
    }

    /** What is received is what was handed in, dots and all. */
    @Property(tries = 200)
    void contentArrivesUnchanged(@ForAll("lines") List<String> lines) throws Exception {
        String content = "Subject: x\r\n\r\n" + String.join("\r\n", lines) + "\r\n";
        try (ScriptedServer server = new ScriptedServer()) {
            SmtpConnection connection = connection(server, Patience.LIMIT);
            connection.transact(
                    delivery(
                            Body.of(content, StandardCharsets.ISO_8859_1),
                            true,
                            MailAddress.parse("a@customer.example")),
                    () -> true);
            connection.quit();
            assertThat(server.mails()).containsExactly(content);
        }
    }

    @Provide
    Arbitrary<String> answers() {
        Arbitrary<String> code = Arbitraries.of(
                "250", "2500", "25", "", "354", "451", "550", "421", "999", "000", "25x", "-1", "250 ", "\0", "é50",
                "220");
        Arbitrary<String> separator = Arbitraries.of(" ", "-", "", "\t", "_");
        Arbitrary<String> text = Arbitraries.oneOf(
                Arbitraries.of("ok", "", "2.0.0", "5.1.1 no", "\u001B[31m", "x".repeat(5_000), "250 250 250"),
                Arbitraries.strings().withCharRange('\u0001', 'ÿ').ofMaxLength(40));
        Arbitrary<String> line = Combinators.combine(code, separator, text)
                .as((first, second, third) -> (first + second + third).replaceAll("[\r\n]", ""));
        return line.list().ofMinSize(1).ofMaxSize(4).map(list -> String.join("\r\n", list));
    }

    /** Any answer to any command ends in a result, in time, and only a 2xx to the final dot is taken for success. */
    @Property(tries = 250)
    void everyReplyLeadsToAResultInTime(@ForAll("answers") String answer, @ForAll("phases") String phase)
            throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.on(phase, answer);
            long began = System.nanoTime();
            List<Answer> results;
            try {
                SmtpConnection connection = connection(server, Duration.ofMillis(150));
                results = connection.transact(
                        delivery(
                                Body.of("x\r\n", StandardCharsets.US_ASCII),
                                false,
                                MailAddress.parse("a@customer.example")),
                        () -> true);
                connection.quit();
            } catch (SmtpException e) {
                results = List.of();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Patience.LIMIT);
            for (Answer each : results) {
                assertThat(each.reply().text()).hasSizeLessThanOrEqualTo(1_100).doesNotContain("\u001B", "\0");
                if (each.outcome() == Outcome.ACCEPTED) {
                    assertThat(each.reply().code() / 100).isEqualTo(2);
                    assertThat(server.mails())
                            .as("a yes before the end of the mail is none")
                            .hasSize(1);
                }
            }
        }
    }

    @Provide
    Arbitrary<List<String>> replies() {
        Arbitrary<String> code = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of("250", "450", "550")),
                Tuple.of(1, Arbitraries.of("2500", "25", "354", "650", "x50")));
        Arbitrary<String> separator = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(" ", "-")), Tuple.of(1, Arbitraries.of("", "\t", "_")));
        return Combinators.combine(code, separator, Arbitraries.of("", "ok", "5.7.1 no"))
                .as((first, second, third) -> first + second + third)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    /** The first lines that are a reply by themselves decide; where there are none, nobody knows. */
    @Property(tries = 200)
    void aDeliveryIsInDoubtUnlessTheFinalReplyIsValid(@ForAll("replies") List<String> lines) throws Exception {
        int last = 0;
        while (last < lines.size() - 1 && lines.get(last).startsWith("-", 3)) {
            last++;
        }
        String code = lines.get(0).substring(0, Math.min(3, lines.get(0).length()));
        boolean complete = lines.get(last).length() == 3 || lines.get(last).startsWith(" ", 3);
        boolean oneCode = lines.subList(0, last + 1).stream().allMatch(line -> line.startsWith(code));
        Outcome expected = !complete || !oneCode
                ? Outcome.IN_DOUBT
                : switch (code) {
                    case "250" -> Outcome.ACCEPTED;
                    case "450" -> Outcome.DEFERRED;
                    case "550" -> Outcome.REFUSED;
                    default -> Outcome.IN_DOUBT;
                };
        // A reply that goes on is waited for: the end of the connection tells that nothing more comes.
        try (ScriptedServer server = new ScriptedServer().on("DOT", "CUT " + String.join("\r\n", lines) + "\r\n")) {
            Answer result = connection(server, Patience.LIMIT)
                    .transact(
                            delivery(
                                    Body.of("x\r\n", StandardCharsets.US_ASCII),
                                    false,
                                    MailAddress.parse("a@customer.example")),
                            () -> true)
                    .get(0);
            assertThat(result.outcome()).as(lines.toString()).isEqualTo(expected);
            assertThat(result.reply().code()).as(lines.toString()).isEqualTo(complete && oneCode ? codeOf(code) : 0);
        }
    }

    private static int codeOf(String code) {
        return code.matches("[2-5]\\d\\d") ? Integer.parseInt(code) : 0;
    }

    @Provide
    Arbitrary<String> phases() {
        return Arbitraries.of("GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT");
    }
}
