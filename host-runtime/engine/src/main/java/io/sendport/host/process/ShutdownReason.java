package io.sendport.host.process;

/**
 * Why a process cannot continue.
 *
 * @param kind the kind of reason, which determines what the caller must do
 * @param why the reason in words, for the log
 */
public record ShutdownReason(Kind kind, String why) {

    /** The kinds of reasons, with what the caller must do. */
    public enum Kind {
        /** A newer program upgrades the store. Drain and close this process. */
        UPGRADED,
        /** The store can no longer be written. Close this process and start it again. */
        BROKEN
    }
}
