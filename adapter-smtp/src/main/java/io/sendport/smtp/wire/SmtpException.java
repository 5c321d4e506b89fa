package io.sendport.smtp.wire;

import io.sendport.api.adapter.PeerFault;
import io.sendport.support.Failures;
import jakarta.mail.MessagingException;
import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** The dialogue ended early. The exception has the phase and the server's reply. */
public final class SmtpException extends MessagingException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;
    private final transient Reply reply;
    private transient List<String> dialogue = List.of();

    public SmtpException(Phase phase, Reply reply, @Nullable Exception cause) {
        super(phase + ": " + reply, cause);
        this.phase = phase;
        this.reply = reply;
    }

    /** This exception with the dialogue before the failure. */
    SmtpException withDialogue(List<String> lines) {
        dialogue = List.copyOf(lines);
        return this;
    }

    /** Whether {@code failure} was caused by a reply that did not come in time. */
    static boolean isTimeout(Throwable failure) {
        return Failures.find(failure, SocketTimeoutException.class).isPresent();
    }

    public List<String> dialogue() {
        return dialogue;
    }

    /** What was wrong with the server rather than with the mail; empty when that is unknown. */
    public Optional<PeerFault> fault() {
        return kind().map(kind -> new PeerFault(kind, phase + " " + reply));
    }

    private Optional<PeerFault.Kind> kind() {
        boolean answered = reply.code() != 0;
        return switch (phase) {
            case BORROW, QUIT -> Optional.empty();
            case CONNECT -> Optional.of(PeerFault.Kind.UNREACHABLE);
            case GREETING, EHLO -> Optional.of(answered ? PeerFault.Kind.REFUSES : PeerFault.Kind.SILENT);
            case STARTTLS -> Optional.of(tls());
            case AUTH -> Optional.of(logOn());
            case MAIL, RCPT, DATA, CONTENT, FINAL_REPLY ->
                answered ? Optional.empty() : Optional.of(PeerFault.Kind.SILENT);
        };
    }

    private PeerFault.Kind logOn() {
        return Failures.find(this, NoTokenException.class).isPresent()
                ? PeerFault.Kind.NO_TOKEN
                : temporaryKind().orElse(PeerFault.Kind.LOG_ON);
    }

    private PeerFault.Kind tls() {
        Optional<CertificateRefusedException> refused = Failures.find(this, CertificateRefusedException.class);
        if (refused.isPresent()) {
            return refused.get().isOutOfDate() ? PeerFault.Kind.CERTIFICATE_DATES : PeerFault.Kind.CERTIFICATE;
        }
        boolean isHandshake = Failures.find(this, SSLHandshakeException.class).isPresent();
        return isHandshake ? PeerFault.Kind.NO_TLS : temporaryKind().orElse(PeerFault.Kind.NO_TLS);
    }

    /** Causes other than TLS or the account: a temporary refusal, or a broken connection. */
    private Optional<PeerFault.Kind> temporaryKind() {
        if (reply.isTransient()) {
            return Optional.of(PeerFault.Kind.REFUSES);
        }
        boolean broke = isTimeout(this)
                || Failures.find(this, SocketException.class).isPresent()
                || Failures.find(this, EOFException.class).isPresent();
        return broke ? Optional.of(PeerFault.Kind.SILENT) : Optional.empty();
    }

    public Phase phase() {
        return phase;
    }

    public Reply reply() {
        return reply;
    }
}
