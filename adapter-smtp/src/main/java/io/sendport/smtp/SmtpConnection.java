package io.sendport.smtp;

import io.sendport.api.adapter.Channel;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Phase;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.Reply;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Notify;
import io.sendport.api.message.Text;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a relay, and the dialogue on it: Angus's transport for greeting, EHLO, STARTTLS and AUTH, our own transaction
 * (RFC 5321 section 3.3) with PIPELINING (RFC 2920), SIZE (RFC 1870), 8BITMIME (RFC 6152) and DSN (RFC 3461) where they are offered.
 * The phase is known whatever happens. Used by one thread at a time.
 */
public final class SmtpDialogue extends SMTPTransport {

    private static final int MAX_LINES = 200;

    private final Relay relay;
    private final ScheduledExecutorService watchdog;
    private final @Nullable TlsFactory tls;
    private final List<String> lines = new ArrayList<>();
    private final List<String> secretForms;
    private @Nullable GuardedSocket guard;
    private Phase phase = Phase.CONNECT;
    private Reply last = Reply.none("nothing was said");
    private String mechanism = "";
    private boolean dataIsSent;
    private boolean usable;
    private boolean peerEnded;
    private int messages;

    SmtpDialogue(Session session, Relay relay, @Nullable TlsFactory tls, ScheduledExecutorService watchdog) {
        super(session, url(relay), "smtp", false);
        this.relay = relay;
        this.tls = tls;
        this.watchdog = watchdog;
        this.secretForms = forms(relay);
    }

    private static URLName url(Relay relay) {
        String user = relay.credentials().map(account -> account.user()).orElse(null);
        String password =
                relay.credentials().map(account -> account.password().reveal()).orElse(null);
        return new URLName("smtp", relay.host(), relay.port(), null, user, password);
    }

    /**
     * Connects, greets, turns to TLS and logs on, as far as the relay's settings ask for it.
     *
     * @throws SmtpException with the phase that failed
     */
    synchronized void open() throws SmtpException {
        GuardedSocket socket = null;
        try {
            socket = connected();
            guard = socket;
            Socket channel = socket;
            if (relay.tls() == Relay.Tls.IMPLICIT && tls != null) {
                phase = Phase.STARTTLS;
                socket.beginReply(relay.limits().connect());
                SSLSocket secured = (SSLSocket) tls.createSocket(socket, relay.host(), relay.port(), true);
                secured.startHandshake();
                channel = secured;
            }
            phase = Phase.GREETING;
            connect(channel);
            usable = true;
        } catch (MessagingException | IOException | RuntimeException e) {
            if (socket != null) {
                socket.abort();
            }
            throw failure(e).told(lines);
        }
    }

    /** A connection to the first of the relay's addresses that takes one. */
    private GuardedSocket connected() throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(relay.host());
        IOException first = null;
        int timeout = (int) Math.min(Integer.MAX_VALUE, relay.limits().connect().toMillis());
        for (InetAddress address : addresses) {
            // The name stays with the address, so that TLS checks the name that was configured and nothing asks DNS
            // again.
            InetAddress named = InetAddress.getByAddress(relay.host(), address.getAddress());
            GuardedSocket socket = new GuardedSocket(relay.limits().write(), watchdog);
            try {
                socket.connect(new InetSocketAddress(named, relay.port()), timeout);
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException e) {
                socket.abort();
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("no address for " + relay.host()) : first;
    }

    private SmtpException failure(Exception e) {
        if (e instanceof SmtpException known) {
            return known;
        }
        boolean said = last.code() >= 400;
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String what = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        Reply none = peerEnded ? last : Reply.none(relay.address() + ": " + masked(what));
        return new SmtpException(phase, said ? last : none, e);
    }

    @Override
    protected boolean ehlo(String domain) throws MessagingException {
        phase = Phase.EHLO;
        boolean welcome = super.ehlo(domain);
        boolean secure = isSSL();
        boolean willSecure = !secure
                && relay.tls() != Relay.Tls.NONE
                && relay.tls() != Relay.Tls.IMPLICIT
                && supportsExtension("STARTTLS");
        if (!welcome) {
            if (secure || relay.auth() != Relay.Auth.NONE || relay.tls() == Relay.Tls.REQUIRED) {
                throw new SmtpException(phase, last, null);
            }
            return false;
        }
        if (!willSecure) {
            requireSecurity(secure);
        }
        return true;
    }

    private void requireSecurity(boolean secure) throws SmtpException {
        if (relay.tls() == Relay.Tls.REQUIRED && !secure) {
            throw new SmtpException(
                    Phase.STARTTLS,
                    Reply.none(relay.address() + " does not offer STARTTLS, but tls is required; nothing was sent"),
                    null);
        }
        if (relay.auth() == Relay.Auth.NONE) {
            return;
        }
        if (!secure && !relay.allowClearText()) {
            throw new SmtpException(
                    Phase.AUTH,
                    Reply.none(relay.address() + " gives a clear channel, and credentials are not sent over it"),
                    null);
        }
        boolean offered = relay.auth() == Relay.Auth.NTLM
                ? supportsAuthentication("NTLM")
                : supportsAuthentication("PLAIN") || supportsAuthentication("LOGIN");
        if (!offered) {
            String offers = getExtensionParameter("AUTH");
            throw new SmtpException(
                    Phase.AUTH,
                    Reply.none(relay.address() + " does not offer auth "
                            + relay.auth().name().toLowerCase(Locale.ROOT)
                            + "; it offers " + (offers == null || offers.isBlank() ? "none" : Text.printable(offers))
                            + "; nothing was sent"),
                    null);
        }
    }

    @Override
    protected void helo(String domain) throws MessagingException {
        boolean unknown = last.code() >= 500 && last.code() <= 504;
        if (!unknown || relay.auth() != Relay.Auth.NONE || relay.tls() == Relay.Tls.REQUIRED) {
            throw new SmtpException(Phase.EHLO, last, null);
        }
        super.helo(domain);
    }

    @Override
    protected void startTLS() throws MessagingException {
        if (relay.tls() == Relay.Tls.NONE) {
            throw new SmtpException(phase, last, null);
        }
        phase = Phase.STARTTLS;
        socket().beginReply(relay.limits().read());
        super.startTLS();
    }

    @Override
    protected void sendCommand(String command) throws MessagingException {
        if (dataIsSent && command.equals("DATA")) {
            dataIsSent = false;
            return;
        }
        if (command.chars().anyMatch(c -> c < 32 || c > 126)) {
            throw new SmtpException(
                    phase,
                    Reply.none("a command with a character that is not ASCII: \"" + Text.printable(command) + "\""),
                    null);
        }
        if (command.startsWith("AUTH ")) {
            phase = Phase.AUTH;
            mechanism = command.split(" ")[1];
            note("C: AUTH " + mechanism + " ***");
        } else {
            note("C: " + (phase == Phase.AUTH && !command.equals("QUIT") ? "***" : command));
        }
        super.sendCommand(command);
    }

    @Override
    protected int readServerResponse() throws MessagingException {
        last = Reply.none(relay.address() + ": no answer");
        peerEnded = false;
        socket().beginReply(
                        phase == Phase.FINAL_REPLY
                                ? relay.limits().finalReply()
                                : relay.limits().read());
        int code = super.readServerResponse();
        String text = masked(getLastServerResponse());
        boolean understood = code >= 200 && code < 600 && text != null && text.length() >= 3;
        peerEnded = !understood && code < 0;
        last = understood
                ? Reply.of(code, lastLine(String.valueOf(text)))
                : Reply.none(relay.address()
                        + (code < 0
                                ? " closed the connection or said what is no SMTP answer"
                                : " said what is no SMTP answer: " + Text.printable(String.valueOf(text))));
        note((understood || code == 334 || code == 354 ? "S: " : "-- ")
                + (phase == Phase.AUTH && code == 334
                        ? "334 ***"
                        : code > 0 ? Text.printable(String.valueOf(text).strip(), 300) : last.text()));
        return understood || code == 354 || code == 334 ? code : -1;
    }

    /** A server may repeat what it was told; a secret stays one all the same. */
    private @Nullable String masked(@Nullable String text) {
        String masked = text;
        for (String form : secretForms) {
            masked = masked == null ? null : masked.replace(form, "***");
        }
        return masked;
    }

    private static List<String> forms(Relay relay) {
        List<String> forms = new ArrayList<>();
        relay.credentials()
                .filter(account -> account.password().reveal().length() > 3)
                .ifPresent(account -> {
                    String password = account.password().reveal();
                    Base64.Encoder base64 = Base64.getEncoder();
                    forms.add(base64.encodeToString(
                            ("\0" + account.user() + "\0" + password).getBytes(StandardCharsets.UTF_8)));
                    forms.add(base64.encodeToString(password.getBytes(StandardCharsets.UTF_8)));
                    forms.add(password);
                });
        return forms;
    }

    private static String lastLine(String text) {
        String stripped = text.strip();
        String line = stripped.substring(Math.max(stripped.lastIndexOf('\n'), stripped.lastIndexOf('\r')) + 1);
        return line.length() > 4 ? line.substring(4) : "";
    }

    private GuardedSocket socket() {
        GuardedSocket socket = guard;
        if (socket == null) {
            throw new IllegalStateException("the connection was not opened");
        }
        return socket;
    }

    /**
     * One transaction. Gives a result for each recipient whatever the server says; afterwards {@link #isUsable()} says whether the
     * connection serves another.
     *
     * @throws SmtpException when the first command got no answer at all, so that another connection may be tried
     */
    synchronized List<RecipientResult> transact(Delivery delivery, Lease lease) throws SmtpException {
        if (messages > 0) {
            lines.clear();
        }
        boolean reused = messages++ > 0;
        // Only an orderly end makes the connection good for another mail.
        usable = false;
        Map<MailAddress, RecipientResult> results = new HashMap<>();
        try {
            String fault = misfit(delivery);
            if (fault != null) {
                usable = true;
                return all(delivery, results, Phase.MAIL, new Reply(0, "", fault), true);
            }
            List<MailAddress> accepted = envelope(delivery, results, reused);
            if (!accepted.isEmpty()) {
                content(delivery, accepted, lease, results);
            }
        } catch (SmtpException e) {
            if (e.phase() == Phase.BORROW) {
                throw e;
            }
            return all(delivery, results, e.phase(), e.reply(), false);
        } catch (MessagingException | IOException | RuntimeException e) {
            SmtpException failure = failure(e);
            return all(delivery, results, failure.phase(), failure.reply(), false);
        } finally {
            if (!usable) {
                abandon();
            }
        }
        return inOrder(delivery, results);
    }

    /** Why the mail can't go to this server at all; null when it can. */
    private @Nullable String misfit(Delivery delivery) {
        String size = getExtensionParameter("SIZE");
        if (size != null && size.matches("\\d{1,18}")) {
            long limit = Long.parseLong(size);
            if (limit > 0 && delivery.mail().size() > limit) {
                return relay.address() + " takes at most " + limit + " bytes, the mail has "
                        + delivery.mail().size();
            }
        }
        if (delivery.eightBit() && !supportsExtension("8BITMIME")) {
            return relay.address() + " does not take 8BITMIME, and the mail has 8-bit content";
        }
        return null;
    }

    /** MAIL and RCPT, with DATA behind them when the server takes commands in a row; gives whom the server will take it for. */
    private List<MailAddress> envelope(Delivery delivery, Map<MailAddress, RecipientResult> results, boolean reused)
            throws MessagingException {
        boolean pipelining = supportsExtension("PIPELINING");
        phase = Phase.MAIL;
        sendCommand(mailCommand(delivery));
        if (pipelining) {
            for (MailAddress recipient : delivery.recipients()) {
                sendCommand(rcptCommand(recipient, delivery));
            }
            sendCommand("DATA");
        }
        Reply mail = firstReply(reused);
        if (mail.code() / 100 != 2) {
            results.putAll(same(delivery.recipients(), Phase.MAIL, mail));
        }
        if (mail.code() / 100 != 2 && !pipelining) {
            reset();
            return List.of();
        }
        List<MailAddress> accepted = new ArrayList<>();
        for (MailAddress recipient : delivery.recipients()) {
            phase = Phase.RCPT;
            if (!pipelining) {
                sendCommand(rcptCommand(recipient, delivery));
            }
            readServerResponse();
            Reply reply = answered();
            if (mail.code() / 100 == 2 && reply.code() / 100 == 2) {
                accepted.add(recipient);
            } else if (mail.code() / 100 == 2) {
                results.put(recipient, result(recipient, Phase.RCPT, reply));
            }
        }
        phase = Phase.DATA;
        if (accepted.isEmpty()) {
            endWithoutData(pipelining);
        }
        dataIsSent = pipelining && !accepted.isEmpty();
        return accepted;
    }

    private Reply firstReply(boolean reused) throws MessagingException {
        try {
            readServerResponse();
            return answered();
        } catch (MessagingException e) {
            // Nothing has been handed over yet: a server that closed an idle connection, with or without saying so,
            // costs nothing.
            if (reused) {
                throw new SmtpException(Phase.BORROW, last, e);
            }
            throw e;
        }
    }

    /** The last answer; when there was none the connection is of no use any more. */
    private Reply answered() throws SmtpException {
        if (last.code() == 0) {
            throw new SmtpException(phase, last, null);
        }
        if (last.code() == 421) {
            throw new SmtpException(phase, last, null);
        }
        return last;
    }

    /** Nobody is left to take the mail. A server that wants the content all the same gets the connection closed, not a mail. */
    private void endWithoutData(boolean pipelining) throws MessagingException {
        if (pipelining) {
            readServerResponse();
            if (!last.isTransient() && !last.isPermanent()) {
                return;
            }
        }
        reset();
    }

    private void content(
            Delivery delivery, List<MailAddress> accepted, Lease lease, Map<MailAddress, RecipientResult> results)
            throws MessagingException, IOException {
        SMTPOutputStream out;
        try {
            // Angus's dot-stuffing stream; it reads the answer to DATA, and sends RSET itself when that is not 354.
            out = (SMTPOutputStream) data();
        } catch (SMTPSendFailedException e) {
            Reply reply =
                    e.getReturnCode() < 200 ? last : Reply.of(e.getReturnCode(), lastLine(getLastServerResponse()));
            usable = (reply.isTransient() || reply.isPermanent()) && reply.code() != 421;
            results.putAll(same(accepted, Phase.DATA, reply));
            return;
        } finally {
            dataIsSent = false;
        }
        phase = Phase.CONTENT;
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
        phase = Phase.FINAL_REPLY;
        sendCommand(".");
        readServerResponse();
        Reply reply = last;
        results.putAll(same(accepted, Phase.FINAL_REPLY, reply));
        if (reply.code() / 100 == 2) {
            usable = true;
        } else if ((reply.isTransient() || reply.isPermanent()) && reply.code() != 421) {
            reset();
        }
        phase = Phase.QUIT;
    }

    /** RSET; when it fails the connection serves no other mail, and the outcome stays what it is. */
    private void reset() {
        try {
            usable = simpleCommand("RSET") / 100 == 2;
        } catch (MessagingException e) {
            usable = false;
        }
    }

    private void abandon() {
        socket().abort();
        try {
            close();
        } catch (MessagingException e) {
            // The socket is closed already; Angus only tidies up.
        }
    }

    private String mailCommand(Delivery delivery) {
        StringBuilder command = new StringBuilder("MAIL FROM:<")
                .append(delivery.sender().map(MailAddress::toString).orElse(""))
                .append('>');
        if (delivery.eightBit()) {
            command.append(" BODY=8BITMIME");
        }
        if (supportsExtension("DSN") && !delivery.notifyOn().isEmpty()) {
            command.append(" RET=HDRS ENVID=").append(delivery.message());
        }
        if (supportsExtension("SIZE")) {
            command.append(" SIZE=").append(delivery.mail().size());
        }
        return command.toString();
    }

    private String rcptCommand(MailAddress recipient, Delivery delivery) {
        String command = "RCPT TO:<" + recipient + ">";
        if (!supportsExtension("DSN") || delivery.notifyOn().isEmpty()) {
            return command;
        }
        return command + " NOTIFY="
                + delivery.notifyOn().stream().map(Notify::name).sorted().collect(Collectors.joining(","));
    }

    private List<RecipientResult> all(
            Delivery delivery, Map<MailAddress, RecipientResult> results, Phase where, Reply reply, boolean refused) {
        for (MailAddress recipient : delivery.recipients()) {
            RecipientResult result = refused
                    ? new RecipientResult(recipient, Outcome.REFUSED, where, reply)
                    : result(recipient, where, reply);
            results.putIfAbsent(recipient, result);
        }
        return inOrder(delivery, results);
    }

    private static List<RecipientResult> inOrder(Delivery delivery, Map<MailAddress, RecipientResult> results) {
        List<RecipientResult> ordered = new ArrayList<>();
        for (MailAddress recipient : delivery.recipients()) {
            RecipientResult result = results.get(recipient);
            if (result == null) {
                throw new IllegalStateException("no result for a recipient of message " + delivery.message());
            }
            ordered.add(result);
        }
        return ordered;
    }

    private static Map<MailAddress, RecipientResult> same(List<MailAddress> recipients, Phase where, Reply reply) {
        Map<MailAddress, RecipientResult> results = new HashMap<>();
        recipients.forEach(recipient -> results.put(recipient, result(recipient, where, reply)));
        return results;
    }

    private static RecipientResult result(MailAddress recipient, Phase where, Reply reply) {
        return new RecipientResult(recipient, ReplyPolicy.outcome(where, reply), where, reply);
    }

    private void note(String line) {
        if (lines.size() < MAX_LINES) {
            lines.add(line);
        }
    }

    /** What was said since the transaction began, secrets taken out. */
    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Whether the connection serves another transaction. */
    synchronized boolean isUsable() {
        return usable;
    }

    /** Transactions so far. */
    synchronized int messages() {
        return messages;
    }

    synchronized Channel channel() {
        return new Channel(relay.address(), tls == null ? "" : tls.channel(), mechanism);
    }

    /** QUIT without waiting for its answer. */
    synchronized void quit() {
        try {
            socket().beginReply(Duration.ofSeconds(1));
            close();
        } catch (MessagingException e) {
            // Whatever was sent has been answered; the goodbye is a courtesy.
        } finally {
            usable = false;
            socket().abort();
        }
    }
}
