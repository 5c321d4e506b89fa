package io.sendport.smtp;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Rest;
import io.sendport.api.host.Meters;
import io.sendport.api.mail.MailAddress;
import io.sendport.smtp.pool.ConnectionPool;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Channel;
import io.sendport.smtp.wire.Phase;
import io.sendport.smtp.wire.Reply;
import io.sendport.smtp.wire.ReplyPolicy;
import io.sendport.smtp.wire.SmtpException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.component.mail.JavaMailSender;
import org.apache.camel.component.mail.MailAuthenticator;
import org.jspecify.annotations.Nullable;

/**
 * The mail sender of camel-mail's endpoint. It runs the transaction on the connection of the message, and stores the result in the message.
 * Only {@link SealedMessage}s can be sent; settings of the endpoint have no effect here.
 */
final class SmtpSender implements JavaMailSender {

    private static final Pattern QUEUE_ID =
            Pattern.compile("(?i)(?:queued as|queued mail for delivery|message accepted|id=)[ :<]*([\\w.@-]{1,80})");

    private static final Duration SOON = Duration.ofSeconds(1);

    private final ConnectionPool pool;
    private final ReplyRules rules;
    private final Clock clock;
    private final Meters meters;
    private final Properties none = new Properties();

    SmtpSender(ConnectionPool pool, ReplyRules rules, Clock clock, Meters meters) {
        this.pool = pool;
        this.rules = rules;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public void send(MimeMessage message) throws MessagingException {
        if (!(message instanceof SealedMessage sealed)) {
            throw new MessagingException("only sealed deliveries of a send port can be sent");
        }
        long began = System.nanoTime();
        ConnectionPool.Borrowed connection = sealed.connection();
        try {
            List<Answer> results = transact(connection, sealed);
            List<String> lines = new ArrayList<>(connection.dialogue().lines());
            results = remainder(connection, sealed, results, lines);
            learn(results);
            sealed.result(rules.applied(
                            new SmtpResult(
                                    results,
                                    connection.dialogue().channel(),
                                    queueId(results),
                                    Duration.ofNanos(System.nanoTime() - began),
                                    lines),
                            clock.instant())
                    .forEngine());
        } catch (SmtpException e) {
            sealed.result(failed(sealed.delivery(), e, Duration.ofNanos(System.nanoTime() - began)));
        }
    }

    /** The result of a delivery for which no connection could be opened. */
    DeliveryResult failed(Delivery delivery, SmtpException failure, Duration elapsed) {
        Outcome outcome = ReplyPolicy.outcome(failure.phase(), failure.reply());
        List<Answer> same = delivery.recipients().stream()
                .map(each -> new Answer(each, outcome, failure.phase(), failure.reply()))
                .toList();
        SmtpResult result = new SmtpResult(same, Channel.none(pool.relay().address()), "", elapsed, failure.dialogue());
        learn(same);
        if (failure.phase() != Phase.BORROW) {
            DeliveryResult applied = rules.applied(result, clock.instant()).forEngine();
            return failure.fault().map(applied::with).orElse(applied);
        }
        // The idle connection had been closed and no other was tried, so the message uses up no retry.
        Rest rest = pool.logOnBackoff()
                .rest()
                .orElseGet(() -> new Rest(
                        Rest.Cause.CREDENTIAL,
                        clock.instant().plus(SOON),
                        failure.reply().text()));
        return result.with(new Advice(Optional.empty(), Optional.of(rest), false, "quarantine"))
                .forEngine();
    }

    /** Informs the pool and the metrics. A class of replies counts once per attempt, however many recipients got one. */
    private void learn(List<Answer> answers) {
        pool.learn(answers);
        Set<String> classes = new HashSet<>();
        for (Answer each : answers) {
            classes.add(each.reply().code() == 0 ? "none" : each.reply().code() / 100 + "xx");
        }
        classes.forEach(each -> meters.count("sendport.replies", Map.of("class", each)));
    }

    /** When an idle connection turns out to be dead, nothing has happened yet, so a new connection is tried once. */
    private static List<Answer> transact(ConnectionPool.Borrowed connection, SealedMessage sealed)
            throws SmtpException {
        boolean renewed = connection.refresh();
        try {
            return connection.dialogue().transact(sealed.delivery(), sealed.lease(), !renewed);
        } catch (SmtpException e) {
            connection.renew();
            return connection.dialogue().transact(sealed.delivery(), sealed.lease());
        }
    }

    /**
     * A server with a smaller limit accepts some recipients and answers 452 4.5.3 (RFC 5321 section 4.5.3.1.10) to the rest. Those are sent
     * again at once, while each round gets some of them accepted.
     */
    private static List<Answer> remainder(
            ConnectionPool.Borrowed connection, SealedMessage sealed, List<Answer> first, List<String> lines) {
        List<Answer> all = first;
        List<MailAddress> over = tooMany(all);
        int progress = all.size() - over.size();
        while (!over.isEmpty() && progress > 0 && connection.dialogue().isUsable()) {
            List<Answer> round;
            try {
                round = connection.dialogue().transact(sealed.delivery().to(over), sealed.lease());
            } catch (SmtpException e) {
                // Accepted recipients stay accepted; the rest is retried when the port retries.
                lines.addAll(connection.dialogue().lines());
                return all;
            }
            lines.addAll(connection.dialogue().lines());
            all = merged(all, round);
            List<MailAddress> left = tooMany(round);
            progress = over.size() - left.size();
            over = left;
        }
        return all;
    }

    private static List<MailAddress> tooMany(List<Answer> results) {
        boolean someIn = results.stream().anyMatch(each -> each.outcome() == Outcome.ACCEPTED);
        return results.stream()
                .filter(each -> someIn && each.phase() == Phase.RCPT && isTooMany(each.reply()))
                .map(Answer::address)
                .toList();
    }

    private static boolean isTooMany(Reply reply) {
        return (reply.code() == 452
                        && (reply.enhanced().isEmpty() || reply.enhanced().equals("4.5.3")))
                || (reply.code() == 552
                        && (reply.enhanced().isEmpty() || reply.enhanced().equals("5.5.3")));
    }

    private static List<Answer> merged(List<Answer> all, List<Answer> round) {
        Map<MailAddress, Answer> later = new HashMap<>();
        round.forEach(each -> later.put(each.address(), each));
        return all.stream()
                .map(each -> later.getOrDefault(each.address(), each))
                .toList();
    }

    private static String queueId(List<Answer> results) {
        for (Answer result : results) {
            if (result.outcome() == Outcome.ACCEPTED) {
                Matcher matcher = QUEUE_ID.matcher(result.reply().text());
                return matcher.find() ? matcher.group(1) : "";
            }
        }
        return "";
    }

    @Override
    public Properties getJavaMailProperties() {
        return none;
    }

    @Override
    public void setJavaMailProperties(Properties properties) {
        // The relay's settings are fixed; camel-mail's copy of the system properties must not affect them.
    }

    @Override
    public void addAdditionalJavaMailProperty(String key, String value) {
        // As above.
    }

    @Override
    public void setHost(String host) {
        // As above.
    }

    @Override
    public String getHost() {
        return pool.relay().host();
    }

    @Override
    public void setPort(int port) {
        // As above.
    }

    @Override
    public int getPort() {
        return pool.relay().port();
    }

    @Override
    public void setUsername(String user) {
        // As above.
    }

    @Override
    public @Nullable String getUsername() {
        return null;
    }

    @Override
    public void setPassword(String password) {
        // As above.
    }

    @Override
    public @Nullable String getPassword() {
        return null;
    }

    @Override
    public void setProtocol(String protocol) {
        // As above.
    }

    @Override
    public String getProtocol() {
        return "smtp";
    }

    @Override
    public void setSession(Session session) {
        // As above.
    }

    @Override
    public @Nullable Session getSession() {
        return null;
    }

    @Override
    public void setAuthenticator(MailAuthenticator authenticator) {
        // As above.
    }

    @Override
    public @Nullable MailAuthenticator getAuthenticator() {
        return null;
    }
}
