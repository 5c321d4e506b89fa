package io.sendport.host.box;

/** What lies in the message box is not what was put there: the disk, or somebody, changed it. */
public final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
        super(message);
    }
}
