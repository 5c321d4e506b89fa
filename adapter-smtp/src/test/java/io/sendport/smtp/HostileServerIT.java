package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Priority;
import io.sendport.api.host.Meters;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import io.sendport.testing.Deep;
import io.sendport.testing.Hostile;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are broken, or lie, or listen for more than they should hear: what they get, and what is made of what they say. */
@Timeout(600)
class HostileServerIT {

    private static final String PASSWORD = "pa55w0rd-canary";
    /** For an answer that never comes. Others are waited for as long as it takes. */
    private static final Duration IN_VAIN = Duration.ofMillis(400);

    private static final Origin ORIGIN = new Origin(Path.of("sendport.xml"), 1, 1);

    @TempDir
    private Path folder;

    private final ScheduledExecutorService watchdog = Executors.newScheduledThreadPool(1);

    @AfterEach
    void stop() {
        watchdog.shutdownNow();
    }

    private RelaySession session(ScriptedServer server, Relay.Tls tls, Account account, Trust trust) throws Exception {
        return session(server, tls, account, trust, Patience.LIMIT, Patience.LIMIT);
    }

    private RelaySession session(
            ScriptedServer server, Relay.Tls tls, Account account, Trust trust, Duration answer, Duration lastAnswer)
            throws Exception {
        return session(relay(server, tls, account, trust, answer, lastAnswer));
    }

    private RelaySession session(Relay relay) throws Exception {
        return new RelaySession(relay, watchdog, Clock.systemUTC(), Optional.empty());
    }

    private static Relay relay(
            ScriptedServer server, Relay.Tls tls, Account account, Trust trust, Duration answer, Duration lastAnswer) {
        Duration patience = Patience.LIMIT;
        return new Relay(
                "localhost",
                server.port(),
                tls,
                account,
                trust,
                Optional.of("client.test"),
                new Relay.Limits(1, 100, patience, patience, 100, patience, answer, patience, lastAnswer));
    }

    private static Account basic(boolean overClearText) {
        return new Account(
                Account.Auth.BASIC,
                Optional.of(new Identity("", "svc", new Secret(PASSWORD))),
                overClearText,
                false,
                Optional.empty(),
                Optional.empty());
    }

    private Trust trusting(Path certificate) {
        return new Trust(
                Optional.of(certificate), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Delivery delivery() {
        return new Delivery(
                MessageId.random(),
                1,
                Optional.of(MailAddress.parse("a@corp.example")),
                List.of(MailAddress.parse("b@customer.example")),
                Handling.USUAL,
                Body.of("Subject: x\r\n\r\nx\r\n", StandardCharsets.US_ASCII),
                Transparency.SEVEN_BIT,
                "00",
                "<x@corp.example>");
    }

    private ConnectionPool pool(ScriptedServer server) throws Exception {
        Relay relay = relay(server, Relay.Tls.NONE, Account.NONE, Trust.OF_THE_JDK, Patience.LIMIT, Patience.LIMIT);
        return new ConnectionPool(
                relay, session(relay), new RelayCap(), new Quarantine(Clock.systemUTC(), Patience.LIMIT, true));
    }

    private static Answer sent(RelaySession session) {
        try {
            SmtpConnection connection = session.open();
            Answer result = connection.transact(delivery(), () -> true).get(0);
            connection.quit();
            return result;
        } catch (SmtpException e) {
            return new Answer(
                    MailAddress.parse("b@customer.example"),
                    ReplyPolicy.outcome(e.phase(), e.reply()),
                    e.phase(),
                    e.reply());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "454 4.7.0 not now",
                "GARBAGE",
                "CLOSE",
                "220 go\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n235 in\r\n250 ok"
            })
    void givesNothingInTheClearToAServerWithoutTls(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.offering(
                            answer.isEmpty()
                                    ? "250-test\r\n250 AUTH PLAIN"
                                    : "250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS")
                    .on("STARTTLS", answer);
            RelaySession session = session(server, Relay.Tls.REQUIRED, basic(false), Trust.OF_THE_JDK);
            for (int i = 0; i < Deep.times(3, 100); i++) {
                Answer result = sent(session);
                assertThat(result.outcome()).isEqualTo(Outcome.DEFERRED);
                assertThat(result.phase()).isEqualTo(Phase.STARTTLS);
            }
            assertThat(server.commands())
                    .allMatch(line -> line.startsWith("CONNECT")
                            || line.startsWith("EHLO")
                            || line.startsWith("STARTTLS")
                            || line.startsWith("QUIT")
                            || line.startsWith("("));
            assertThat(server.mails()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "expired, dns:localhost, -20d, 10, true, is good from",
        "not yet valid, dns:localhost, +20d, 10, true, is good from",
        "of another host, dns:elsewhere.example, -0d, 90, true, localhost",
        "of nobody we know, dns:localhost, -0d, 90, false, is not trusted"
    })
    void sendsNothingToAServerWhoseCertificateIs(
            String what, String names, String start, int days, boolean trusted, String reason) throws Exception {
        ServerKey key = ServerKey.make(folder, names, start, days);
        SSLContext context = key.context();
        Path ours = folder.resolve("trusted.pem");
        if (trusted) {
            Files.copy(key.certificate(), ours);
        } else {
            Files.copy(
                    ServerKey.make(Files.createDirectories(folder.resolve("other")), "dns:localhost")
                            .certificate(),
                    ours);
        }
        for (Relay.Tls tls : List.of(Relay.Tls.REQUIRED, Relay.Tls.IMPLICIT)) {
            try (ScriptedServer server = new ScriptedServer(context, tls == Relay.Tls.IMPLICIT)) {
                server.offering("250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS");
                RelaySession session = session(server, tls, basic(false), trusting(ours));
                for (int i = 0; i < Deep.times(1, 20); i++) {
                    Answer result = sent(session);
                    assertThat(result.outcome()).as(what).isEqualTo(Outcome.DEFERRED);
                    assertThat(result.reply().text()).as(what).contains(reason);
                }
                assertThat(server.count("AUTH") + server.count("MAIL")).isZero();
            }
        }
    }

    @Test
    void tellsOfEveryMailThatWentInTheClearAlthoughTlsWasWanted() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.offering("250-test\r\n250 STARTTLS").on("STARTTLS", "454 4.7.0 not now");
            RelaySession session = session(server, Relay.Tls.OPPORTUNISTIC, Account.NONE, Trust.OF_THE_JDK);
            for (int i = 0; i < Deep.times(5, 100); i++) {
                SmtpConnection connection = session.open();
                assertThat(connection.transact(delivery(), () -> true).get(0).outcome())
                        .isEqualTo(Outcome.ACCEPTED);
                assertThat(connection.channel().tls()).isEqualTo("clear, since 454 4.7.0 not now");
                connection.quit();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsNothingWhereLoggingOnIsAskedForAndNotOffered(boolean underTls) throws Exception {
        ServerKey key = ServerKey.make(folder, "dns:localhost");
        try (ScriptedServer server = new ScriptedServer(key.context())) {
            server.offering(underTls ? "250-test\r\n250 STARTTLS" : "250 test");
            RelaySession session = session(
                    server,
                    underTls ? Relay.Tls.REQUIRED : Relay.Tls.NONE,
                    basic(!underTls),
                    trusting(key.certificate()));
            for (int i = 0; i < Deep.times(3, 100); i++) {
                assertThat(sent(session).phase()).isEqualTo(Phase.AUTH);
            }
            assertThat(server.count("MAIL")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HANG", "CLOSE", "RESET", "HALF", "250-and on", "25"})
    void calledInDoubtAndNothingElseWhenTheLastAnswerIsLost(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer().on("DOT", answer)) {
            RelaySession session =
                    session(server, Relay.Tls.NONE, Account.NONE, Trust.OF_THE_JDK, Patience.LIMIT, IN_VAIN);
            for (int i = 0; i < Deep.times(3, answer.equals("HANG") ? 100 : 500); i++) {
                assertThat(sent(session).outcome()).isEqualTo(Outcome.IN_DOUBT);
            }
        }
    }

    /** What begins like a reply and is none: docs/relays.md says which. */
    private static Stream<String> noise() {
        return Stream.of(
                "250-queued\r\n550 5.7.1 no",
                "550-5.7.1 no\r\n250 queued",
                "450-x\r\n250 y",
                "550-no\r\n554 no",
                "250-ok\r\n\r\n250 ok",
                "2500 ok",
                "5500 no",
                "250ok",
                "550no",
                "250\tok",
                "250_ok",
                "25 ok",
                " 250 ok",
                "+50 ok",
                "150 ok",
                "650 ok",
                "\u00d9\u00a2\u00d9\u00a5\u00d9\u00a0 ok",
                "250 ok\r550 no",
                "CUT 250",
                "CUT 250-ok");
    }

    @ParameterizedTest
    @MethodSource("noise")
    void leavesInDoubtWhatIsAnsweredWithNoiseToTheFinalDot(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer().on("DOT", answer)) {
            Answer result = sent(session(server, Relay.Tls.NONE, Account.NONE, Trust.OF_THE_JDK));
            assertThat(result.outcome()).isEqualTo(Outcome.IN_DOUBT);
            assertThat(result.reply().code()).as("nobody said that").isZero();
            assertThat(server.count("RSET")).as("the connection is broken").isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("noise")
    void takesNoiseBeforeTheFinalDotForABrokenConnection(String answer) throws Exception {
        for (String phase : List.of("GREETING", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA")) {
            for (String pipelining : List.of("", "250-PIPELINING\r\n")) {
                try (ScriptedServer server = new ScriptedServer().on(phase, answer)) {
                    server.offering("250-test\r\n" + pipelining + (phase.equals("STARTTLS") ? "250-STARTTLS\r\n" : "")
                            + "250 AUTH PLAIN");
                    Relay.Tls tls = phase.equals("STARTTLS") ? Relay.Tls.REQUIRED : Relay.Tls.NONE;
                    Answer result = sent(session(server, tls, basic(true), Trust.OF_THE_JDK));
                    assertThat(result.outcome()).as(phase).isEqualTo(Outcome.DEFERRED);
                    assertThat(result.phase().name()).isEqualTo(phase);
                    assertThat(result.reply().code()).as(phase).isZero();
                    assertThat(server.mails()).isEmpty();
                }
            }
        }
    }

    /** A server may take its leave at any time, and what it has accepted by then it has accepted. */
    @ParameterizedTest
    @ValueSource(strings = {"421 4.3.2 shutting down", "250 2.0.0 Ok", "451 4.3.0 later", "550 5.7.1 no", "noise"})
    void aYesToTheFinalDotStandsWhateverIsSaidUnasked(String unasked) throws Exception {
        try (ScriptedServer server = new ScriptedServer().on("DOT", "250 2.0.0 Ok: queued as 4BCD\r\n" + unasked)) {
            ConnectionPool pool = pool(server);
            SmtpSender sender =
                    new SmtpSender(pool, ReplyRules.of(Settings.empty("smtp", ORIGIN)), Clock.systemUTC(), Meters.NONE);
            RelayCap.Line line = pool.line(Priority.USUAL);
            for (int i = 1; i <= 3; i++) {
                assertThat(pool.await(line)).isEmpty();
                try (ConnectionPool.Borrowed connection = pool.lend()) {
                    SealedMessage message = new SealedMessage(delivery(), () -> true, connection);
                    sender.send(message);
                    Answer result = Answers.of(Objects.requireNonNull(message.result())
                            .recipients()
                            .get(0));
                    assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(result.reply()).hasToString("250 2.0.0 Ok: queued as 4BCD");
                }
                assertThat(server.mails()).hasSize(i);
            }
            assertThat(server.count("CONNECT"))
                    .as("a connection out of step serves no other mail")
                    .isEqualTo(3);
            pool.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HANG", "CLOSE", "RESET", "HALF", "554 5.0.0 no", "GARBAGE"})
    void staysAcceptedWhateverComesOfTheGoodbye(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer().on("QUIT", answer)) {
            RelaySession session = session(server, Relay.Tls.NONE, Account.NONE, Trust.OF_THE_JDK);
            int times = Deep.times(3, 500);
            for (int i = 0; i < times; i++) {
                assertThat(sent(session).outcome()).isEqualTo(Outcome.ACCEPTED);
            }
            assertThat(server.mails()).hasSize(times);
        }
    }

    @Test
    void comesBackInTimeFromEveryFaultAtRandom() throws Exception {
        List<String> faults = List.of(
                "HANG",
                "CLOSE",
                "RESET",
                "HALF",
                "GARBAGE",
                "ENDLESS",
                "DRIP 250 o",
                "SLOW 250 ok",
                "451 4.3.0 later",
                "554 5.7.1 no",
                "2500",
                "25",
                "",
                "\0",
                "250 " + "x".repeat(200_000),
                "250-x\r\n".repeat(20_000) + "250 x",
                "٢٥٠ ok");
        List<String> phases = List.of("GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "DOT", "QUIT");
        Map<String, Integer> outcomes = new TreeMap<>();
        var threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Answer>> all = new ArrayList<>();
            for (int round = 0; round < Deep.times(1, 25); round++) {
                for (String phase : phases) {
                    for (String fault : faults) {
                        all.add(threads.submit(() -> {
                            try (ScriptedServer server = new ScriptedServer()) {
                                server.offering("250-test\r\n250-PIPELINING\r\n250 AUTH PLAIN")
                                        .on(phase, fault);
                                if (phase.equals("AUTH")) {
                                    server.on("AUTH", fault);
                                }
                                Duration patience = fault.equals("HANG") ? IN_VAIN : Patience.LIMIT;
                                long began = System.nanoTime();
                                Answer result = sent(session(
                                        server, Relay.Tls.NONE, basic(true), Trust.OF_THE_JDK, patience, patience));
                                assertThat(Duration.ofNanos(System.nanoTime() - began))
                                        .as(phase + " " + fault)
                                        .isLessThan(Patience.LIMIT);
                                requireClean(result);
                                if (result.outcome() == Outcome.ACCEPTED) {
                                    assertThat(server.mails())
                                            .as(phase + " " + fault)
                                            .hasSize(1);
                                }
                                return result;
                            }
                        }));
                    }
                }
            }
            for (Future<Answer> each : all) {
                outcomes.merge(each.get().outcome().name(), 1, Integer::sum);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(outcomes.keySet()).containsExactly("ACCEPTED", "DEFERRED", "IN_DOUBT", "REFUSED");
    }

    @Test
    void cleansWhatAServerSaysBeforeAnyoneReadsIt() throws Exception {
        for (String hostile : Hostile.STRINGS) {
            for (String phase : List.of("GREETING", "RCPT", "DOT")) {
                try (ScriptedServer server = new ScriptedServer().on(phase, "550 5.1.1 " + hostile)) {
                    requireClean(sent(session(server, Relay.Tls.NONE, Account.NONE, Trust.OF_THE_JDK)));
                }
            }
        }
    }

    private static void requireClean(Answer result) {
        Reply reply = result.reply();
        assertThat(reply.toString().chars())
                .as(reply.toString())
                .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
        assertThat(reply.text()).hasSizeLessThan(1_200);
        requireNoSecret(result.toString());
    }

    /** Whatever form it may have taken on the way. */
    private static void requireNoSecret(String text) {
        byte[] secret = PASSWORD.getBytes(StandardCharsets.UTF_8);
        Base64.Encoder base64 = Base64.getEncoder();
        assertThat(text)
                .doesNotContain(PASSWORD)
                .doesNotContain(base64.encodeToString(secret))
                .doesNotContain(base64.encodeToString(("\0svc\0" + PASSWORD).getBytes(StandardCharsets.UTF_8)))
                .doesNotContain(HexFormat.of().formatHex(secret))
                .doesNotContain(new String(PASSWORD.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1));
    }

    @Test
    void showsNoSecretInAnyFailure() throws Exception {
        Account account = basic(true);
        requireNoSecret(account.toString() + account.key());
        for (int round = 0; round < Deep.times(1, 40); round++) {
            for (String phase : List.of("GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "DOT")) {
                for (String fault : List.of("CLOSE", "RESET", "GARBAGE", "535 5.7.8 you said " + PASSWORD, "2500")) {
                    try (ScriptedServer server = new ScriptedServer()) {
                        server.offering("250-test\r\n250 AUTH PLAIN LOGIN").on(phase, fault);
                        RelaySession session = session(server, Relay.Tls.NONE, account, Trust.OF_THE_JDK);
                        StringWriter all = new StringWriter();
                        try {
                            SmtpConnection connection = session.open();
                            all.append(
                                    connection.transact(delivery(), () -> true).toString());
                            all.append(connection.lines().toString()).append(connection.toString());
                            connection.quit();
                        } catch (SmtpException e) {
                            e.printStackTrace(new PrintWriter(all));
                            all.append(e.dialogue().toString()).append(e.reply().toString());
                        }
                        requireNoSecret(all.toString());
                    } catch (IOException e) {
                        throw new AssertionError(phase + " " + fault, e);
                    }
                }
            }
        }
    }
}
