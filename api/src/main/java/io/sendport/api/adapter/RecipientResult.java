package io.sendport.api.adapter;

import io.sendport.api.mail.MailAddress;
import io.sendport.support.text.Text;

/**
 * What came of one recipient in one attempt. Immutable, for any number of threads; null is allowed nowhere.
 *
 * @param address the recipient
 * @param outcome accepted, deferred, refused or in doubt
 * @param handover what is known of where the mail is
 * @param text why, for people: the other side's answer, or what happened instead; at most 8,000 characters, with control characters made
 *     visible
 * @param facts for the record
 */
public record RecipientResult(MailAddress address, Outcome outcome, Handover handover, String text, Facts facts) {

    private static final int LONGEST = 8_000;

    /**
     * Checks that the outcome does not claim more than is known.
     *
     * @throws IllegalArgumentException when a mail that was not handed over is accepted, or one that may have been handed over is anything but
     *     in doubt
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
                    + "; expected ACCEPTED with HANDED_OVER, IN_DOUBT with UNKNOWN, others with one of the other two");
        }
        text = Text.printable(text, LONGEST);
    }

    /** Without facts. */
    public RecipientResult(MailAddress address, Outcome outcome, Handover handover, String text) {
        this(address, outcome, handover, text, Facts.NONE);
    }

    /** The text, behind the adapter's own step where it names one: {@code RCPT 550 5.1.1 unknown}. */
    public String described() {
        String phase = facts.get(Facts.PHASE);
        return phase.isEmpty() ? text : phase + " " + text;
    }
}
