package io.sendport.smtp;

import io.sendport.api.adapter.Phase;
import io.sendport.api.adapter.Reply;
import jakarta.mail.MessagingException;
import org.jspecify.annotations.Nullable;

/** The dialogue ended before its aim; knows where, and what the server had said. */
final class SmtpException extends MessagingException {

    private static final long serialVersionUID = 1L;

    private final Phase phase;
    private final transient Reply reply;

    SmtpException(Phase phase, Reply reply, @Nullable Exception cause) {
        super(phase + ": " + reply, cause);
        this.phase = phase;
        this.reply = reply;
    }

    Phase phase() {
        return phase;
    }

    Reply reply() {
        return reply;
    }
}
