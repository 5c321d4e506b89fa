package io.sendport.host.box.body;

/** What lies in the message box is not what was put there: the disk, or somebody, changed it. */
public final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DamagedException(String message) {
        super(message);
    }
}
