package io.sendport.host.box.outbox;

/** Another process holds the lease of the outbox now, or a submission is no longer in the outbox. Nothing was written. */
public final class OutboxChangedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OutboxChangedException(String message) {
        super(message);
    }
}
