package io.sendport.smtp.wire;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Notify;
import io.sendport.api.mail.Transparency;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;

/**
 * One mail transaction (RFC 5321 section 3.3) on a connection. It uses PIPELINING (RFC 2920), SIZE (RFC 1870), 8BITMIME (RFC 6152), DSN
 * (RFC 3461), REQUIRETLS (RFC 8689) and MT-PRIORITY (RFC 6710) where offered. It gives a result for each recipient whatever the server
 * answers.
 */
final class Transaction {

    private static final Pattern SIZE = Pattern.compile("\\d{1,18}");

    private final SmtpConnection connection;
    private final Delivery delivery;
    private final Lease lease;
    private final Idle idle;
    private final Map<MailAddress, Answer> results = new HashMap<>();

    /** Whether the connection may have died unnoticed before the transaction started. */
    enum Idle {
        /** It was just opened. */
        NO,
        /** It was opened for this mail, which was sent later. */
        SINCE_OPENED,
        /** It has been used for another mail. */
        SINCE_A_MAIL
    }

    Transaction(SmtpConnection connection, Delivery delivery, Lease lease, Idle idle) {
        this.connection = connection;
        this.delivery = delivery;
        this.lease = lease;
        this.idle = idle;
    }

    /**
     * Runs the transaction to its end, or as far as possible.
     *
     * @throws SmtpException with the phase BORROW when the connection had died before, so that another one may be tried
     */
    List<Answer> run() throws SmtpException {
        try {
            String fault = incompatibility();
            if (fault != null) {
                connection.ready();
                Reply reply = new Reply(0, "", fault);
                delivery.recipients()
                        .forEach(each -> results.put(each, new Answer(each, Outcome.REFUSED, Phase.MAIL, reply)));
                return inOrder();
            }
            refuseUnsupportedAddresses();
            if (open().isEmpty()) {
                connection.ready();
                return inOrder();
            }
            List<MailAddress> accepted = envelope();
            if (!accepted.isEmpty()) {
                content(accepted);
            }
        } catch (SmtpException e) {
            if (e.phase() == Phase.BORROW) {
                throw e;
            }
            rest(e);
        } catch (MessagingException | IOException | RuntimeException e) {
            rest(connection.failure(e));
        }
        return inOrder();
    }

    /** Refuses recipients whose addresses this server cannot accept. The others continue. */
    private void refuseUnsupportedAddresses() {
        if (connection.supportsExtension("SMTPUTF8")) {
            return;
        }
        for (MailAddress each : delivery.recipients()) {
            if (each.needsSmtpUtf8()) {
                Reply why = Reply.none(connection.relay().address() + " does not support SMTPUTF8, and the address "
                        + each + " is not ASCII");
                results.put(each, new Answer(each, Outcome.REFUSED, Phase.RCPT, why));
            }
        }
    }

    /** Recipients that have no result yet. */
    private List<MailAddress> open() {
        if (results.isEmpty()) {
            return delivery.recipients();
        }
        return delivery.recipients().stream()
                .filter(each -> !results.containsKey(each))
                .toList();
    }

    /** Why the mail cannot be sent to this server at all; null when it can. */
    private @Nullable String incompatibility() {
        String size = connection.getExtensionParameter("SIZE");
        if (size != null && SIZE.matcher(size).matches()) {
            long limit = Long.parseLong(size);
            if (limit > 0 && delivery.mail().size() > limit) {
                return connection.relay().address() + " accepts at most " + limit + " bytes, but the mail has "
                        + delivery.mail().size();
            }
        }
        String relay = connection.relay().address();
        if (!connection.supportsExtension("SMTPUTF8")) {
            if (delivery.sender().filter(MailAddress::needsSmtpUtf8).isPresent()) {
                return relay + " does not support SMTPUTF8, and the sender's address is not ASCII";
            }
            if (delivery.transparency() == Transparency.UTF8_HEADER) {
                return relay
                        + " does not support SMTPUTF8, and the mail's header contains an address that is not ASCII";
            }
        }
        if (isEightBit() && !connection.supportsExtension("8BITMIME")) {
            return relay + " does not support 8BITMIME, and the mail has 8-bit content";
        }
        if (delivery.handling().requireTls()
                && (connection.tls().isEmpty() || !connection.supportsExtension("REQUIRETLS"))) {
            return relay
                    + " does not promise to require TLS all the way (REQUIRETLS, RFC 8689), but the port requires it";
        }
        return null;
    }

    /** Sends MAIL and RCPT, followed by DATA when the server supports pipelining. Returns the recipients that the server accepts. */
    private List<MailAddress> envelope() throws MessagingException {
        boolean pipelining = connection.supportsExtension("PIPELINING");
        connection.enter(Phase.MAIL);
        requireSilence();
        connection.sendCommand(mailCommand());
        List<MailAddress> recipients = open();
        if (pipelining) {
            for (MailAddress recipient : recipients) {
                connection.sendCommand(rcptCommand(recipient));
            }
            connection.sendCommand("DATA");
        }
        Reply mail = firstReply();
        if (mail.code() / 100 != 2) {
            results.putAll(same(recipients, Phase.MAIL, mail));
        }
        if (mail.code() / 100 != 2 && !pipelining) {
            connection.reset();
            return List.of();
        }
        List<MailAddress> accepted = new ArrayList<>();
        for (MailAddress recipient : recipients) {
            connection.enter(Phase.RCPT);
            if (!pipelining) {
                connection.sendCommand(rcptCommand(recipient));
            }
            connection.readServerResponse();
            Reply reply = requireReply();
            if (mail.code() / 100 == 2 && reply.code() / 100 == 2) {
                accepted.add(recipient);
            } else if (mail.code() / 100 == 2) {
                results.put(recipient, result(recipient, Phase.RCPT, reply));
            }
        }
        connection.enter(Phase.DATA);
        if (accepted.isEmpty()) {
            endWithoutData(pipelining);
        }
        return accepted;
    }

    private Reply firstReply() throws MessagingException {
        try {
            connection.readServerResponse();
            return requireReply();
        } catch (MessagingException e) {
            throw stale(e);
        }
    }

    /** Text that arrived after the last mail is not a reply to this one. */
    private void requireSilence() throws MessagingException {
        try {
            connection.requireSilence();
        } catch (IOException e) {
            throw stale(connection.failure(e));
        }
    }

    /** Nothing has been handed over yet, so a server that closed an idle connection, with or without notice, has no effect on the mail. */
    private MessagingException stale(MessagingException e) {
        return switch (idle) {
            case NO -> e;
            // The next connection would behave like a new connection that is open and silent, or that refuses.
            case SINCE_OPENED -> connection.reply().code() == 0 && !SmtpException.isTimeout(e) ? closedBefore(e) : e;
            case SINCE_A_MAIL -> closedBefore(e);
        };
    }

    private SmtpException closedBefore(MessagingException e) {
        return new SmtpException(Phase.BORROW, connection.reply(), e);
    }

    /** The last reply. Without a reply the connection is unusable. */
    private Reply requireReply() throws SmtpException {
        Reply last = connection.reply();
        if (last.code() == 0 || last.code() == 421) {
            throw new SmtpException(connection.phase(), last, null);
        }
        return last;
    }

    /** No recipient is left. If the server still wants the content, the connection is closed without sending the mail. */
    private void endWithoutData(boolean pipelining) throws MessagingException {
        if (pipelining) {
            connection.readServerResponse();
            if (!isFailure(connection.reply())) {
                return;
            }
        }
        connection.reset();
    }

    private void content(List<MailAddress> accepted) throws MessagingException, IOException {
        SMTPOutputStream out;
        try {
            // Angus itself sends RSET when the reply is not 354.
            out = connection.data(connection.supportsExtension("PIPELINING"));
        } catch (SMTPSendFailedException e) {
            Reply reply = connection.replyToData();
            if (isFailure(reply) && reply.code() != 421) {
                connection.ready();
            }
            results.putAll(same(accepted, Phase.DATA, reply));
            return;
        }
        connection.enter(Phase.CONTENT);
        try (InputStream in = delivery.mail().open()) {
            in.transferTo(out);
        }
        out.ensureAtBOL();
        if (!lease.isHeld()) {
            results.putAll(same(
                    accepted,
                    Phase.CONTENT,
                    Reply.none("the lease on the message lapsed before the final dot; it was not sent")));
            return;
        }
        if (connection.hasSpoken()) {
            earlyReply(accepted);
            return;
        }
        connection.enter(Phase.FINAL_REPLY);
        connection.sendCommand(".");
        connection.readServerResponse();
        Reply reply = connection.reply();
        results.putAll(same(accepted, Phase.FINAL_REPLY, reply));
        if (reply.code() / 100 == 2) {
            connection.ready();
        } else if (isFailure(reply) && reply.code() != 421) {
            connection.reset();
        }
        connection.enter(Phase.QUIT);
    }

    /**
     * The server replied before the end of the mail. A negative reply may be valid; a positive one is not, because the server cannot know
     * what it accepts.
     */
    private void earlyReply(List<MailAddress> accepted) throws MessagingException {
        connection.readServerResponse();
        Reply reply = connection.reply();
        results.putAll(same(
                accepted,
                Phase.CONTENT,
                isFailure(reply)
                        ? reply
                        : Reply.none(connection.relay().address() + " answered before the end of the mail: " + reply
                                + "; no final dot was sent")));
    }

    private String mailCommand() {
        StringBuilder command = new StringBuilder("MAIL FROM:<")
                .append(delivery.sender().map(SmtpPath::of).orElse(""))
                .append('>');
        if (delivery.transparency() == Transparency.UTF8_HEADER
                || delivery.sender().filter(MailAddress::needsSmtpUtf8).isPresent()
                || open().stream().anyMatch(MailAddress::needsSmtpUtf8)) {
            command.append(" SMTPUTF8");
        }
        if (isEightBit()) {
            command.append(" BODY=8BITMIME");
        }
        Handling handling = delivery.handling();
        if (connection.supportsExtension("DSN") && !handling.notifyOn().isEmpty()) {
            command.append(handling.returnFull() ? " RET=FULL" : " RET=HDRS")
                    .append(" ENVID=")
                    .append(delivery.message());
        }
        if (handling.requireTls()) {
            command.append(" REQUIRETLS");
        }
        if (handling.priority().isPresent() && connection.supportsExtension("MT-PRIORITY")) {
            command.append(" MT-PRIORITY=").append(handling.priority().get());
        }
        if (connection.supportsExtension("SIZE")) {
            command.append(" SIZE=").append(delivery.mail().size());
        }
        return command.toString();
    }

    private boolean isEightBit() {
        return delivery.transparency() != Transparency.SEVEN_BIT;
    }

    private String rcptCommand(MailAddress recipient) {
        String command = "RCPT TO:<" + SmtpPath.of(recipient) + ">";
        if (!connection.supportsExtension("DSN")
                || delivery.handling().notifyOn().isEmpty()) {
            return command;
        }
        return command + " NOTIFY="
                + delivery.handling().notifyOn().stream()
                        .map(Notify::name)
                        .sorted()
                        .collect(Collectors.joining(","))
                + (recipient.needsSmtpUtf8() ? "" : " ORCPT=rfc822;" + xtext(SmtpPath.of(recipient)));
    }

    /** RFC 3461 section 4. */
    private static String xtext(String text) {
        StringBuilder encoded = new StringBuilder();
        text.chars().forEach(c -> {
            if (c < 33 || c > 126 || c == '+' || c == '=') {
                encoded.append(String.format("+%02X", c));
            } else {
                encoded.append((char) c);
            }
        });
        return encoded.toString();
    }

    private static boolean isFailure(Reply reply) {
        return reply.isTransient() || reply.isPermanent();
    }

    /** Recipients without a result share the failure that ended the transaction. */
    private void rest(SmtpException failure) {
        same(delivery.recipients(), failure.phase(), failure.reply()).forEach(results::putIfAbsent);
    }

    private List<Answer> inOrder() {
        List<Answer> ordered = new ArrayList<>();
        for (MailAddress recipient : delivery.recipients()) {
            Answer result = results.get(recipient);
            if (result == null) {
                throw new IllegalStateException("no result for a recipient of message " + delivery.message());
            }
            ordered.add(result);
        }
        return ordered;
    }

    private static Map<MailAddress, Answer> same(List<MailAddress> recipients, Phase where, Reply reply) {
        Map<MailAddress, Answer> results = new HashMap<>();
        recipients.forEach(recipient -> results.put(recipient, result(recipient, where, reply)));
        return results;
    }

    private static Answer result(MailAddress recipient, Phase where, Reply reply) {
        return new Answer(recipient, ReplyPolicy.outcome(where, reply), where, reply);
    }
}
