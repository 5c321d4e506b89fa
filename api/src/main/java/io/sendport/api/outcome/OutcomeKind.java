package io.sendport.api.outcome;

import io.sendport.support.text.Text;
import java.util.Arrays;

/** The outcome of a message, or of its mail for one recipient. */
public enum OutcomeKind {
    /** The relay accepted the mail for this recipient. The relay may still fail to deliver it. */
    ACCEPTED,
    /** The relay refused this recipient permanently. */
    REFUSED,
    /**
     * It is unknown whether the relay has the mail. The port's {@code inDoubt} setting decides whether Sendport resends it or waits for an
     * operator.
     */
    IN_DOUBT,
    /** The message waits for an operator. The reply of the event has the reason. */
    SUSPENDED,
    /** An operator confirmed that the mail of a message in doubt had arrived. */
    RESOLVED,
    /** The message ended without being sent: an operator terminated it, or Sendport routed a copy to the ports for failed messages. */
    TERMINATED,
    /** A component of the pipeline consumed the message; no mail was sent. */
    CONSUMED;

    /** Its name in JSON and SQL, such as {@code inDoubt}. */
    public String word() {
        return Text.word(this);
    }

    /**
     * Returns the kind with this {@link #word}.
     *
     * @throws IllegalArgumentException when the kind is unknown, for example because a newer version added it
     */
    public static OutcomeKind of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown outcome \"" + word + "\""));
    }
}
