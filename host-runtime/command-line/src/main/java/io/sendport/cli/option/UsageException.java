package io.sendport.cli.option;

/** The command line is invalid. Nothing was done. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
