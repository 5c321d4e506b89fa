package io.sendport.smtp.wire;

import io.sendport.support.Failures;
import jakarta.mail.MessagingException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The dialogue ended before its aim; knows where, and what the server had said. */
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

    /** With what was said before it failed. */
    SmtpException told(List<String> lines) {
        dialogue = List.copyOf(lines);
        return this;
    }

    /** Whether {@code failure} comes of an answer that did not come in time. */
    static boolean isTimeout(Throwable failure) {
        return Failures.find(failure, SocketTimeoutException.class).isPresent();
    }

    public List<String> dialogue() {
        return dialogue;
    }

    public Phase phase() {
        return phase;
    }

    public Reply reply() {
        return reply;
    }
}
