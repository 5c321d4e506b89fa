package io.sendport.api.adapter;

import io.sendport.support.text.Text;

/**
 * What was wrong with the other side, or with the way to it, and not with the mail: every delivery there would have met it. The engine shows
 * it to operators and decides nothing by it. Immutable, for any number of threads; null is allowed nowhere.
 *
 * @param kind what was wrong
 * @param text for operators: what the other side said, or what happened instead; at most 1,000 characters, with control characters made
 *     visible, without secrets
 */
public record PeerFault(Kind kind, String text) {

    private static final int LONGEST = 1_000;

    /** What can be wrong with the other side. */
    public enum Kind {
        /** No connection came about. */
        UNREACHABLE,
        /** It was connected and gave no answer in time, or closed the connection without one. */
        SILENT,
        /** It answered and takes nothing from this machine now. */
        REFUSES,
        /** Its certificate is not the one expected, or leads to no trusted authority. */
        CERTIFICATE,
        /** Its certificate has expired or is not valid yet. */
        CERTIFICATE_DATES,
        /** TLS is required, and none came about for another reason. */
        NO_TLS,
        /** The server that issues access tokens for the account can't be reached, or gives none. */
        NO_TOKEN,
        /** It refused the account, or offers no way to log on that may be used. */
        LOG_ON
    }

    /** Makes control characters visible and cuts what is too long. */
    public PeerFault {
        text = Text.printable(text, LONGEST);
    }
}
