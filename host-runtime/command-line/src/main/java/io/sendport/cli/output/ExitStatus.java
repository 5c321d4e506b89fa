package io.sendport.cli.output;

/** What the exit status says; a promise to scripts. */
public final class ExitStatus {

    /** Done. */
    public static final int DONE = 0;
    /** It ran, and something is wrong or not all was done. */
    public static final int WRONG = 1;
    /** Wrong usage or configuration; nothing was done. */
    public static final int USAGE = 2;
    /** Not now: the store is out of reach or being upgraded, a disk or a limit is full, memory ran out; nothing was done. */
    public static final int NOT_NOW = 3;
    /** {@code run} can write nothing any more: start it again. */
    public static final int BROKEN = 4;

    private ExitStatus() {}
}
