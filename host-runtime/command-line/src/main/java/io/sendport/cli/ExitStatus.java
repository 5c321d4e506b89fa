package io.sendport.cli;

/** What the exit status says; a promise to scripts. */
final class ExitStatus {

    /** Done. */
    static final int DONE = 0;
    /** It ran, and something is wrong or not all was done. */
    static final int WRONG = 1;
    /** Wrong usage or configuration; nothing was done. */
    static final int USAGE = 2;
    /** Not now: the store is out of reach or being upgraded, a disk or a limit is full, memory ran out; nothing was done. */
    static final int NOT_NOW = 3;
    /** {@code run} can write nothing any more: start it again. */
    static final int BROKEN = 4;

    private ExitStatus() {}
}
