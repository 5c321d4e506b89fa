package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Outcome;
import io.sendport.smtp.relay.Account;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.relay.Trust;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Phase;
import io.sendport.smtp.wire.RelaySession;
import io.sendport.smtp.wire.Reply;
import io.sendport.smtp.wire.SmtpConnection;
import io.sendport.smtp.wire.SmtpException;
import io.sendport.testing.Deep;
import io.sendport.testing.Hostile;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.ServerKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are broken, or lie, or listen for more than they should hear: what they get. */
@Timeout(600)
class HostileServerIT extends HostileFixture {

    @TempDir
    private Path folder;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "454 4.7.0 not now",
                "GARBAGE",
                "CLOSE",
                "220 go\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n235 in\r\n250 ok"
            })
    void sendsNothingInClearTextToAServerWithoutTls(String answer) throws Exception {
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
        "expired, dns:localhost, -20d, 10, true, certificate expired on 20",
        "not yet valid, dns:localhost, +20d, 10, true, is not valid before 20",
        "of another host, dns:elsewhere.example, -0d, 90, true, localhost",
        "of nobody we know, dns:localhost, -0d, 90, false, is not trusted"
    })
    void sendsNothingToAServerWithAnInvalidCertificate(
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
    void reportsEveryMailSentInClearTextAfterStarttlsFailed() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.offering("250-test\r\n250 STARTTLS").on("STARTTLS", "454 4.7.0 not now");
            RelaySession session = session(server, Relay.Tls.OPPORTUNISTIC, Account.NONE, Trust.OF_THE_JDK);
            for (int i = 0; i < Deep.times(5, 100); i++) {
                SmtpConnection connection = session.open();
                assertThat(connection.transact(delivery(), () -> true).get(0).outcome())
                        .isEqualTo(Outcome.ACCEPTED);
                assertThat(connection.channel().tls())
                        .isEqualTo("clear text, because STARTTLS failed: 454 4.7.0 not now");
                connection.quit();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsNothingWhenTheServerOffersNoLogOn(boolean underTls) throws Exception {
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

    @Test
    void returnsInTimeAfterEveryFaultInEveryPhase() throws Exception {
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
                                Duration timeout = fault.equals("HANG") ? IN_VAIN : Patience.LIMIT;
                                long began = System.nanoTime();
                                Answer result = sent(session(
                                        server, Relay.Tls.NONE, basic(true), Trust.OF_THE_JDK, timeout, timeout));
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
    void sanitizesServerReplies() throws Exception {
        for (String hostile : Hostile.STRINGS) {
            for (String phase : List.of("GREETING", "RCPT", "DOT")) {
                try (ScriptedServer server = new ScriptedServer().on(phase, "550 5.1.1 " + hostile)) {
                    requireClean(sent(session(server, Relay.Tls.NONE, Account.NONE, Trust.OF_THE_JDK)));
                }
            }
        }
    }

    @Test
    void showsNoSecretInAnyFailure() throws Exception {
        Account account = basic(true);
        for (int round = 0; round < Deep.times(1, 40); round++) {
            for (String phase : List.of("GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "DOT")) {
                for (String fault : List.of("CLOSE", "RESET", "GARBAGE", "535 5.7.8 you said " + PASSWORD, "2500")) {
                    try (ScriptedServer server = new ScriptedServer()) {
                        server.offering("250-test\r\n250 AUTH PLAIN LOGIN").on(phase, fault);
                        Relay relay = relay(
                                server, Relay.Tls.NONE, account, Trust.OF_THE_JDK, Patience.LIMIT, Patience.LIMIT);
                        requireNoSecret(relay.toString() + relay.key());
                        RelaySession session = session(relay);
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
