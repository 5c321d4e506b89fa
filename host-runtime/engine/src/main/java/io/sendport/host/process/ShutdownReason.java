package io.sendport.host.process;

/**
 * Why a process cannot continue.
 *
 * @param kind what its caller must do
 * @param why the reason
 */
public record ShutdownReason(Kind kind, String why) {

    /** What its caller must do. */
    public enum Kind {
        /** A newer program takes over the store: drain and end. */
        UPGRADED,
        /** Nothing can be written any more: end and restart. */
        BROKEN
    }
}
