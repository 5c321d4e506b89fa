package io.sendport.component.mime;

/** No mail can be made from this message. The exception names the setting or property at fault. */
public final class AssemblyException extends RuntimeException {

    /** What to do about a value that comes from a property of the message. */
    static final String RESUBMIT = resubmit("PROPERTY");

    private static final long serialVersionUID = 1L;

    /** What to do about the value of {@code property}. */
    static String resubmit(String property) {
        return "; to set another value, run `sendport messages resubmit ID --set " + property + "=VALUE`";
    }

    /** What to do about a missing value of {@code property}. */
    static String supply(String property) {
        return "; to set it, run `sendport messages resubmit ID --set " + property + "=VALUE`";
    }

    /** Takes a message that says what is wrong and what was expected. */
    public AssemblyException(String message) {
        super(message);
    }

    /** Takes a message that says what is wrong and what was expected, and the cause. */
    public AssemblyException(String message, Throwable cause) {
        super(message, cause);
    }
}
