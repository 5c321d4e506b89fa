package io.sendport.host.operate;

/** An operation was not done; {@link #refusal} says why. A store that is away is a {@link io.sendport.host.store.commit.StoreException} instead. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /** With what is told to the caller. */
    public RefusedException(Refusal refusal) {
        super(refusal.text());
        this.refusal = refusal;
    }

    /** As above, and what caused it. */
    public RefusedException(Refusal refusal, Throwable cause) {
        super(refusal.text(), cause);
        this.refusal = refusal;
    }

    /** Why. */
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
