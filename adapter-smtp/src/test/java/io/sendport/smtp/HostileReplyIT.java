package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Priority;
import io.sendport.api.host.Meters;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Settings;
import io.sendport.smtp.pool.ConnectionPool;
import io.sendport.smtp.pool.LogOnBackoff;
import io.sendport.smtp.pool.RelayConnectionLimit;
import io.sendport.smtp.relay.Account;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.relay.Trust;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Answers;
import io.sendport.smtp.wire.RelaySession;
import io.sendport.testing.Deep;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies that are broken, late or contradict themselves: what is made of them. */
@Timeout(600)
class HostileReplyIT extends HostileFixture {

    private static final Origin ORIGIN = new Origin(Path.of("sendport.xml"), 1, 1);

    private ConnectionPool pool(ScriptedServer server) throws Exception {
        Relay relay = relay(server, Relay.Tls.NONE, Account.NONE, Trust.OF_THE_JDK, Patience.LIMIT, Patience.LIMIT);
        return new ConnectionPool(
                relay,
                session(relay),
                new RelayConnectionLimit(),
                new LogOnBackoff(Clock.systemUTC(), Patience.LIMIT, true));
    }

    /** What begins like a reply and is none: docs/relay-replies.md says which. */
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
    @ValueSource(strings = {"HANG", "CLOSE", "RESET", "HALF", "250-and on", "25"})
    void reportsInDoubtWhenTheFinalReplyIsLost(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer().on("DOT", answer)) {
            RelaySession session =
                    session(server, Relay.Tls.NONE, Account.NONE, Trust.OF_THE_JDK, Patience.LIMIT, IN_VAIN);
            for (int i = 0; i < Deep.times(3, answer.equals("HANG") ? 100 : 500); i++) {
                assertThat(sent(session).outcome()).isEqualTo(Outcome.IN_DOUBT);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("noise")
    void reportsInDoubtWhenTheFinalReplyIsMalformed(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer().on("DOT", answer)) {
            Answer result = sent(session(server, Relay.Tls.NONE, Account.NONE, Trust.OF_THE_JDK));
            assertThat(result.outcome()).isEqualTo(Outcome.IN_DOUBT);
            assertThat(result.reply().code()).as("nobody said that").isZero();
            assertThat(server.count("RSET")).as("the connection is broken").isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("noise")
    void defersTheMailWhenAReplyBeforeTheFinalDotIsMalformed(String answer) throws Exception {
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
    void anUnsolicitedReplyDoesNotChangeAnAcceptedMail(String unasked) throws Exception {
        try (ScriptedServer server = new ScriptedServer().on("DOT", "250 2.0.0 Ok: queued as 4BCD\r\n" + unasked)) {
            ConnectionPool pool = pool(server);
            SmtpSender sender =
                    new SmtpSender(pool, ReplyRules.of(Settings.empty("smtp", ORIGIN)), Clock.systemUTC(), Meters.NONE);
            RelayConnectionLimit.Line line = pool.line(Priority.USUAL);
            for (int i = 1; i <= 3; i++) {
                assertThat(pool.await(line)).isEmpty();
                try (ConnectionPool.Borrowed connection = pool.lend(io.sendport.api.adapter.Progress.NONE)) {
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
    void aFaultAtQuitDoesNotChangeAnAcceptedMail(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer().on("QUIT", answer)) {
            RelaySession session = session(server, Relay.Tls.NONE, Account.NONE, Trust.OF_THE_JDK);
            int times = Deep.times(3, 500);
            for (int i = 0; i < times; i++) {
                assertThat(sent(session).outcome()).isEqualTo(Outcome.ACCEPTED);
            }
            assertThat(server.mails()).hasSize(times);
        }
    }
}
