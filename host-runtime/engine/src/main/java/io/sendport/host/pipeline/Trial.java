package io.sendport.host.pipeline;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import java.util.Optional;

/**
 * A message that tries a port out: one address gets its mails, in place of all recipients that the port would name. Only an operator
 * makes such a message.
 */
public final class Trial {

    private Trial() {}

    /** Whether a message with these properties is one. */
    public static boolean isOne(Context context) {
        return context.asMap().containsKey(MessageProperties.REDIRECT_TO.name());
    }

    /** The address that gets the mails; empty when it is an ordinary message. */
    public static Optional<MailAddress> address(Context context) {
        return context.get(MessageProperties.REDIRECT_TO).map(MailAddress::parse);
    }

    /**
     * Requires that a submission has no dedupe key.
     *
     * @param where in front of the text of a refusal
     */
    public static void requireNoKey(Submission submission, String where) {
        if (submission.dedupeKey().isPresent()) {
            throw new SubmissionRefusedException(where
                    + "a message that tries a port out cannot have a dedupe key, because the message that it stands for may"
                    + " have the same one; remove the key");
        }
    }

    /**
     * The properties of a submission, with the address of a trial if it is one.
     *
     * @param only the address; empty for an ordinary message
     * @param where in front of the text of a refusal
     * @throws SubmissionRefusedException when the submitter or the document brings the property
     */
    public static Promotions.Promoted applied(Promotions.Promoted promoted, Optional<MailAddress> only, String where) {
        if (isOne(promoted.context())) {
            throw new SubmissionRefusedException(
                    where + "a message cannot bring the property " + MessageProperties.REDIRECT_TO.name()
                            + "; remove it. To send a test to another address, an operator can submit with --redirect-to ADDRESS");
        }
        return only.map(address -> promoted.with(MessageProperties.REDIRECT_TO, address.toString()))
                .orElse(promoted);
    }
}
