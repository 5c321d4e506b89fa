package io.sendport.component.mime;

/** The mail cannot be made of this message; says which setting or property is at fault. */
public final class AssemblyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says what is wrong and what was expected. */
    public AssemblyException(String message) {
        super(message);
    }

    /** Says what is wrong and what was expected, with its cause. */
    public AssemblyException(String message, Throwable cause) {
        super(message, cause);
    }
}
