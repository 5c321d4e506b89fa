package io.sendport.host.operate;

/**
 * An operation was not done; {@link #refusal} says why. An unavailable store causes a
 * {@link io.sendport.host.store.commit.StoreException} instead.
 */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /**
     * @param refusal is reported to the caller
     */
    public RefusedException(Refusal refusal) {
        super(refusal.text());
        this.refusal = refusal;
    }

    /** As above, with the cause. */
    public RefusedException(Refusal refusal, Throwable cause) {
        super(refusal.text(), cause);
        this.refusal = refusal;
    }

    /** The reason. */
    public Refusal refusal() {
        return refusal;
    }

    public static RefusedException notFound(String text) {
        return new RefusedException(new Refusal.NotFound(text));
    }

    public static RefusedException invalid(String text) {
        return new RefusedException(new Refusal.Invalid(text));
    }

    public static RefusedException conflict(String text) {
        return new RefusedException(new Refusal.Conflict(text));
    }
}
