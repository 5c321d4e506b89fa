package io.sendport.smtp;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Secret;
import io.sendport.smtp.relay.Account;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.relay.Trust;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.RelaySession;
import io.sendport.smtp.wire.ReplyPolicy;
import io.sendport.smtp.wire.SmtpConnection;
import io.sendport.smtp.wire.SmtpException;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;

/** Sessions to a scripted server that is broken or lies. */
abstract class HostileFixture {

    static final String PASSWORD = "pa55w0rd-canary";
    /** For an answer that never comes. Others are waited for as long as it takes. */
    static final Duration IN_VAIN = Duration.ofMillis(400);

    final ScheduledExecutorService watchdog = Executors.newScheduledThreadPool(1);

    @AfterEach
    void stop() {
        watchdog.shutdownNow();
    }

    RelaySession session(ScriptedServer server, Relay.Tls tls, Account account, Trust trust) throws Exception {
        return session(server, tls, account, trust, Patience.LIMIT, Patience.LIMIT);
    }

    RelaySession session(
            ScriptedServer server, Relay.Tls tls, Account account, Trust trust, Duration answer, Duration lastAnswer)
            throws Exception {
        return session(relay(server, tls, account, trust, answer, lastAnswer));
    }

    RelaySession session(Relay relay) throws Exception {
        return new RelaySession(relay, watchdog, Clock.systemUTC(), Optional.empty());
    }

    static Relay relay(
            ScriptedServer server, Relay.Tls tls, Account account, Trust trust, Duration answer, Duration lastAnswer) {
        Duration timeout = Patience.LIMIT;
        return new Relay(
                "localhost",
                server.port(),
                tls,
                account,
                trust,
                Optional.of("client.test"),
                new Relay.Limits(1, 100, timeout, timeout, 100, timeout, answer, timeout, lastAnswer));
    }

    static Account basic(boolean overClearText) {
        return new Account(
                Account.Auth.BASIC,
                Optional.of(new Identity("", "svc", new Secret(PASSWORD))),
                overClearText,
                false,
                Optional.empty(),
                Optional.empty());
    }

    Trust trusting(Path certificate) {
        return new Trust(
                Optional.of(certificate), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Delivery delivery() {
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

    static Answer sent(RelaySession session) {
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
}
