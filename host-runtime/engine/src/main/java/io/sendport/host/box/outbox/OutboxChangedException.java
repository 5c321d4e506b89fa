package io.sendport.host.box.outbox;

/** Another process admitted a submission, or took over admitting, while this one was about to. Nothing was written. */
public final class OutboxChangedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OutboxChangedException(String message) {
        super(message);
    }
}
