package io.sendport.api.adapter;

import io.sendport.support.text.Text;

/**
 * What was wrong with the peer or with the connection to it, rather than with the mail. Every delivery to this peer would have met it. The
 * engine shows it to operators and makes no decision from it. Immutable and thread-safe; null is never allowed.
 *
 * @param kind what was wrong
 * @param text for operators: what the peer said, or what happened instead; at most 1,000 characters, with control characters made visible,
 *     without secrets
 */
public record PeerFault(Kind kind, String text) {

    private static final int MAX_LENGTH = 1_000;

    /** What can be wrong with the peer. */
    public enum Kind {
        /** No connection could be made. */
        UNREACHABLE,
        /** The peer accepted the connection but did not answer in time, or closed the connection without an answer. */
        SILENT,
        /** The peer answered and currently accepts nothing from this machine. */
        REFUSES,
        /** Its certificate is not the expected one, or does not lead to a trusted authority. */
        CERTIFICATE,
        /** Its certificate has expired or is not valid yet. */
        CERTIFICATE_DATES,
        /** TLS is required and could not be established for another reason. */
        NO_TLS,
        /** The server that issues access tokens for the account cannot be reached or issues none. */
        NO_TOKEN,
        /** The peer refused the account, or offers no log-on method that may be used. */
        LOG_ON
    }

    /** Makes control characters visible and cuts off text that is too long. */
    public PeerFault {
        text = Text.printable(text, MAX_LENGTH);
    }
}
