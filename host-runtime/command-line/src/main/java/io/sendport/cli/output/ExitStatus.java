package io.sendport.cli.output;

/** The exit statuses. Scripts rely on them. */
public final class ExitStatus {

    /** Done. */
    public static final int DONE = 0;
    /** The command ran, but it found a problem or did only part of the work. */
    public static final int WRONG = 1;
    /** Wrong usage or configuration. Nothing was done. */
    public static final int USAGE = 2;
    /** Try again later: the store is unreachable or being upgraded, a disk or a limit is full, or memory ran out. Nothing was done. */
    public static final int NOT_NOW = 3;
    /** {@code run} can no longer write to the store: restart it. */
    public static final int BROKEN = 4;

    private ExitStatus() {}
}
