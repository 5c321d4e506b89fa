package io.sendport.api.adapter;

import io.sendport.api.mail.MailAddress;
import io.sendport.support.text.Text;

/**
 * The result for one recipient in one attempt. Immutable and thread-safe; null is never allowed.
 *
 * @param address the recipient
 * @param outcome accepted, deferred, refused or in doubt
 * @param handover what is known about where the mail is
 * @param text the reason, for people: the peer's answer, or what happened instead; at most 8,000 characters, with control characters made
 *     visible
 * @param facts for the record
 */
public record RecipientResult(MailAddress address, Outcome outcome, Handover handover, String text, Facts facts) {

    private static final int MAX_LENGTH = 8_000;

    /**
     * Checks that the outcome claims no more than is known.
     *
     * @throws IllegalArgumentException when a mail that was not handed over is accepted, or when the handover is unknown and the outcome is
     *     not in doubt
     */
    public RecipientResult {
        boolean fits =
                switch (outcome) {
                    case ACCEPTED -> handover == Handover.HANDED_OVER;
                    case IN_DOUBT -> handover == Handover.UNKNOWN;
                    case DEFERRED, REFUSED -> handover != Handover.UNKNOWN;
                };
        if (!fits) {
            throw new IllegalArgumentException("a recipient cannot be " + outcome + " with " + handover
                    + "; expected ACCEPTED with HANDED_OVER, IN_DOUBT with UNKNOWN, or DEFERRED or REFUSED with HANDED_OVER or "
                    + Handover.NOT_HANDED_OVER);
        }
        text = Text.printable(text, MAX_LENGTH);
    }

    /** Without facts. */
    public RecipientResult(MailAddress address, Outcome outcome, Handover handover, String text) {
        this(address, outcome, handover, text, Facts.NONE);
    }

    /** The text, preceded by the adapter's own step where it has one: {@code RCPT 550 5.1.1 unknown}. */
    public String described() {
        String phase = facts.get(Facts.PHASE);
        return phase.isEmpty() ? text : phase + " " + text;
    }
}
