package io.sendport.host.operate;

/**
 * An operation was refused; {@link #refusal} says why. If the store is unavailable, operations throw
 * {@link io.sendport.host.store.commit.StoreException} instead.
 */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /** Creates an exception with the text of {@code refusal} as its message. */
    public RefusedException(Refusal refusal) {
        super(refusal.text());
        this.refusal = refusal;
    }

    /** As above, with the cause. */
    public RefusedException(Refusal refusal, Throwable cause) {
        super(refusal.text(), cause);
        this.refusal = refusal;
    }

    /** The reason for the caller. */
    public Refusal refusal() {
        return refusal;
    }

    /** Creates an exception for an object that does not exist. */
    public static RefusedException notFound(String text) {
        return new RefusedException(new Refusal.NotFound(text));
    }

    /** Creates an exception for a request that is invalid in any state. */
    public static RefusedException invalid(String text) {
        return new RefusedException(new Refusal.Invalid(text));
    }

    /** Creates an exception for a request that the current state does not allow. */
    public static RefusedException conflict(String text) {
        return new RefusedException(new Refusal.Conflict(text));
    }
}
