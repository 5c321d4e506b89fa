package io.sendport.smtp.wire;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Progress;
import io.sendport.api.settings.Secret;
import io.sendport.smtp.relay.Relay;
import io.sendport.support.Failures;
import io.sendport.support.text.Text;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a relay. It uses Angus's transport for greeting, EHLO, STARTTLS and AUTH, restricted to what the relay's settings
 * allow. Every command and reply passes here, so the phase is always known. Used by one thread at a time.
 */
public final class SmtpConnection extends SMTPTransport {

    /** The text that Angus returns for an empty reply. */
    private static final String EMPTY_REPLY = "[EOF]";

    private final Relay relay;
    private final ScheduledExecutorService watchdog;
    private final @Nullable SSLSocketFactory secure;
    private final Optional<Secret> token;
    private final Transcript transcript;
    private @Nullable RelaySocket relaySocket;
    private Phase phase = Phase.CONNECT;
    private Reply last = Reply.none("no reply yet");
    private String mechanism = "";
    private String remark = "";
    private boolean dataIsSent;
    private boolean usable;
    private boolean invalidReply;
    private @Nullable Reply dataReply;
    private int messages;
    private Progress progress = Progress.NONE;

    /** Uses TLS with {@code secure}; null leaves the connection unencrypted. {@code token} replaces a password. */
    SmtpConnection(
            Session session,
            Relay relay,
            Optional<Secret> token,
            @Nullable SSLSocketFactory secure,
            ScheduledExecutorService watchdog) {
        super(session, new URLName("smtp", relay.host(), relay.port(), null, null, null), "smtp", false);
        this.relay = relay;
        this.secure = secure;
        this.token = token;
        this.watchdog = watchdog;
        this.transcript = new Transcript(relay, token);
    }

    /**
     * Connects, reads the greeting, starts TLS and logs on, as the relay's settings require.
     *
     * @throws SmtpException with the phase that failed
     */
    synchronized void open() throws SmtpException {
        RelaySocket socket = null;
        enter(Phase.CONNECT);
        try {
            socket = new RelaySocket(GuardedSocket.to(relay, watchdog));
            relaySocket = socket;
            if (relay.tls() == Relay.Tls.IMPLICIT) {
                upgradeToTls(relay.limits().connect());
            }
            enter(Phase.GREETING);
            connect(socket);
            mechanism = new LogOn(this, token).run();
            usable = true;
            transcript.opened(tls().map(TlsChannel::described).orElse("clear text"), mechanism);
        } catch (MessagingException | IOException | RuntimeException e) {
            if (socket != null) {
                socket.abort();
            }
            throw failure(e).withDialogue(transcript.lines());
        }
    }

    private void upgradeToTls(Duration timeout) throws IOException {
        enter(Phase.STARTTLS);
        SSLSocketFactory factory = secure;
        if (factory == null) {
            throw new IOException("TLS is not set up for this relay");
        }
        socket().secure(factory, relay, timeout);
    }

    /** The failure, with its phase and the server's last reply. */
    SmtpException failure(Exception e) {
        if (e instanceof SmtpException known) {
            return known;
        }
        boolean said = last.code() >= 400;
        Reply none = invalidReply ? last : Reply.none(relay.address() + ": " + transcript.masked(Failures.reason(e)));
        return new SmtpException(phase, said ? last : none, e);
    }

    @Override
    protected boolean ehlo(String domain) throws MessagingException {
        enter(Phase.EHLO);
        boolean welcome = super.ehlo(domain);
        if (!welcome) {
            if (isSSL() || relay.account().logsOn() || relay.tls() == Relay.Tls.REQUIRED) {
                throw new SmtpException(phase, last, null);
            }
            return false;
        }
        if (relay.tls() == Relay.Tls.REQUIRED && !isSSL() && !supportsExtension("STARTTLS")) {
            throw new SmtpException(
                    Phase.STARTTLS,
                    Reply.none(relay.address() + " does not offer STARTTLS, but tls is required; nothing was sent"),
                    null);
        }
        return true;
    }

    @Override
    public synchronized boolean isSSL() {
        return tls().isPresent();
    }

    /** Present after the connection switched to TLS. */
    Optional<TlsChannel> tls() {
        RelaySocket socket = relaySocket;
        return socket == null ? Optional.empty() : socket.tls();
    }

    boolean offersLogOn(String wanted) {
        return supportsAuthentication(wanted);
    }

    @Override
    protected void helo(String domain) throws MessagingException {
        boolean unknown = last.code() >= 500 && last.code() <= 504;
        if (!unknown || relay.account().logsOn() || relay.tls() == Relay.Tls.REQUIRED) {
            throw new SmtpException(Phase.EHLO, last, null);
        }
        super.helo(domain);
    }

    /** Implemented here, because Angus would keep what the server sent before the handshake. */
    @Override
    protected void startTLS() throws MessagingException {
        enter(Phase.STARTTLS);
        sendCommand("STARTTLS");
        if (readServerResponse() != 220) {
            throw new SmtpException(phase, last, null);
        }
        try {
            upgradeToTls(relay.limits().read());
        } catch (IOException e) {
            throw new SmtpException(phase, Reply.none(relay.address() + ": " + transcript.masked(e.getMessage())), e);
        }
    }

    @Override
    protected void sendCommand(String command) throws MessagingException {
        if (dataIsSent && command.equals("DATA")) {
            dataIsSent = false;
            return;
        }
        boolean utf8 = supportsExtension("SMTPUTF8");
        if (command.chars().anyMatch(c -> c < 32 || c == 127 || (c > 126 && !utf8))) {
            throw new SmtpException(
                    phase,
                    Reply.none("a command with a character that is not ASCII: \"" + Text.printable(command) + "\""),
                    null);
        }
        transcript.command(phase, command);
        super.sendCommand(command);
    }

    @Override
    protected int readServerResponse() throws MessagingException {
        last = Reply.none(relay.address() + ": no answer");
        invalidReply = false;
        socket().beginReply(
                        phase == Phase.FINAL_REPLY
                                ? relay.limits().finalReply()
                                : relay.limits().read());
        int code = super.readServerResponse();
        String text = String.valueOf(transcript.masked(getLastServerResponse()));
        Optional<String> fault = socket().hasEnded() && text.equals(EMPTY_REPLY)
                ? Optional.of("the server closed the connection")
                : ReplyShape.fault(text, socket().isCut()).map(why -> "not an SMTP reply, " + why);
        invalidReply = fault.isPresent();
        last = fault.map(why -> Reply.none(relay.address() + ": " + why))
                .orElseGet(() -> Reply.of(code, lastLine(text)));
        if (phase == Phase.DATA && dataReply == null) {
            dataReply = last;
        }
        transcript.reply(phase, last, text);
        return invalidReply ? -1 : code;
    }

    /** The reply that made Angus give up on DATA; it has sent RSET since then. */
    Reply replyToData() {
        Reply reply = dataReply;
        return reply == null ? last : reply;
    }

    private static String lastLine(String text) {
        String stripped = text.strip();
        String line = stripped.substring(Math.max(stripped.lastIndexOf('\n'), stripped.lastIndexOf('\r')) + 1);
        return line.length() > 4 ? line.substring(4) : "";
    }

    /** The challenge of a 334 reply. */
    String challenge() {
        return lastLine(getLastServerResponse());
    }

    /**
     * Checks that the server waits for the client.
     *
     * @throws IOException when it has sent something unsolicited
     */
    void requireSilence() throws IOException {
        socket().requireSilence();
    }

    /** Whether the server has sent something that has not been read yet. */
    boolean hasSpoken() throws IOException {
        return socket().hasSpoken();
    }

    private RelaySocket socket() {
        RelaySocket socket = relaySocket;
        if (socket == null) {
            throw new IllegalStateException("the connection was not opened");
        }
        return socket;
    }

    /**
     * Runs one transaction. Returns a result for each recipient whatever the server answers. Afterwards {@link #isUsable()} says whether
     * the connection can be used for another transaction.
     *
     * @param waited whether the connection may have been closed since it was opened
     * @throws SmtpException with the phase BORROW when it had been closed, so that another connection may be tried
     */
    public synchronized List<Answer> transact(Delivery delivery, Lease lease, boolean waited) throws SmtpException {
        Transaction.Idle idle = waited ? Transaction.Idle.SINCE_OPENED : Transaction.Idle.NO;
        if (messages++ > 0) {
            transcript.clear();
            idle = Transaction.Idle.SINCE_A_MAIL;
        }
        // The connection is usable for another mail only after a regular end.
        usable = false;
        try {
            return new Transaction(this, delivery, lease, idle).run();
        } finally {
            if (!usable) {
                abandon();
            }
        }
    }

    /** As above, on a connection that was just opened or has already been used for another mail. */
    public synchronized List<Answer> transact(Delivery delivery, Lease lease) throws SmtpException {
        return transact(delivery, lease, false);
    }

    /** Records why the connection is unencrypted although TLS was requested. */
    synchronized void remark(String why) {
        remark = why;
    }

    /** Sends a single command for diagnosis. Returns its reply, with code 0 when there was none. */
    public synchronized Reply ask(Phase at, String command) {
        enter(at);
        try {
            sendCommand(command);
            readServerResponse();
        } catch (MessagingException e) {
            last = failure(e).reply();
        }
        return last;
    }

    Relay relay() {
        return relay;
    }

    /** Enters a phase of the dialogue. */
    void enter(Phase next) {
        phase = next;
        progress.at(relay.address(), next.name());
    }

    /** Reports each phase to {@code other} from now on. */
    public synchronized void reportTo(Progress other) {
        progress = other;
    }

    Phase phase() {
        return phase;
    }

    /** The last reply; code 0 when there was none. */
    Reply reply() {
        return last;
    }

    /** Marks the connection as ready for another transaction. */
    void ready() {
        usable = true;
    }

    /** Lets Angus read the reply to DATA and return its dot-stuffing stream; {@code sent} when the command has already been sent. */
    SMTPOutputStream data(boolean sent) throws MessagingException {
        dataIsSent = sent;
        dataReply = null;
        try {
            return (SMTPOutputStream) data();
        } finally {
            dataIsSent = false;
        }
    }

    /** Sends RSET. If it fails, the connection is not used for another mail; the outcome does not change. */
    void reset() {
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
            // The socket is already closed; Angus only cleans up.
        }
    }

    /** The dialogue since the start of the transaction, without secrets. */
    public synchronized List<String> lines() {
        return transcript.lines();
    }

    /** Whether the connection can be used for another transaction. */
    public synchronized boolean isUsable() {
        return usable;
    }

    /** The number of round trips so far. */
    synchronized int roundTrips() {
        return socket().roundTrips();
    }

    /** The number of transactions so far. */
    public synchronized int messages() {
        return messages;
    }

    public synchronized Channel channel() {
        return new Channel(relay.address(), tls().map(TlsChannel::described).orElse(remark), mechanism);
    }

    /** Sends QUIT without waiting for its reply. */
    public synchronized void quit() {
        try {
            socket().beginReply(Duration.ofSeconds(1));
            close();
        } catch (MessagingException e) {
            // Everything that was sent has been answered; QUIT is a courtesy.
        } finally {
            usable = false;
            socket().abort();
        }
    }
}
