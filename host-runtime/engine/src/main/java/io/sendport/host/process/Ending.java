package io.sendport.host.process;

/**
 * Why a process can't go on.
 *
 * @param kind what its caller is to do
 * @param why in words
 */
public record Ending(Kind kind, String why) {

    /** What its caller is to do. */
    public enum Kind {
        /** A newer program takes over the store: drain and end. */
        UPGRADED,
        /** Nothing can be written any more: end, and start again. */
        BROKEN
    }
}
