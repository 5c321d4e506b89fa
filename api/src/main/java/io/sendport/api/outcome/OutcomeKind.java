package io.sendport.api.outcome;

import io.sendport.support.text.Text;
import java.util.Arrays;

/** What became of a message, or of its mail to one recipient. */
public enum OutcomeKind {
    /** The relay accepted the mail for this recipient. It may still fail to deliver it. */
    ACCEPTED,
    /** The relay refused this recipient permanently. */
    REFUSED,
    /** The relay may have the mail, but nobody knows. {@code inDoubt} of the port decides: it sends again, or an operator decides. */
    IN_DOUBT,
    /** The message needs an operator; the reason says why. */
    SUSPENDED,
    /** An operator found that the mail of a message in doubt had arrived. */
    RESOLVED,
    /** The message was ended unsent, by an operator or because a copy went to the ports for failed messages. */
    TERMINATED,
    /** A component of the pipeline took the message; no mail was sent. */
    CONSUMED;

    /** Its name in JSON and SQL, such as {@code inDoubt}. */
    public String word() {
        return Text.word(this);
    }

    /**
     * The kind that {@link #word} names.
     *
     * @throws IllegalArgumentException when there is none, since it is of a newer version
     */
    public static OutcomeKind of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown outcome \"" + word + "\""));
    }
}
