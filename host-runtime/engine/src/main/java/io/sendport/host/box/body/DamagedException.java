package io.sendport.host.box.body;

/** Content of the message box differs from what was stored: it was changed by a disk fault or by a person. */
public final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is damaged, and what to do */
    public DamagedException(String message) {
        super(message);
    }
}
