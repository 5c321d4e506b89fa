package io.sendport.host.pipeline;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import java.util.Optional;

/**
 * A message that an operator redirects to test a port: one address gets its mails instead of all recipients. Only an operator can submit
 * such a message.
 */
public final class Trial {

    private Trial() {}

    /** Whether a message with these properties is redirected. */
    public static boolean isTrial(Context context) {
        return context.asMap().containsKey(MessageProperties.REDIRECT_TO.name());
    }

    /** The address that gets the mails; empty if the message is not redirected. */
    public static Optional<MailAddress> address(Context context) {
        return context.get(MessageProperties.REDIRECT_TO).map(MailAddress::parse);
    }

    /**
     * Refuses a redirected submission with a dedupe key.
     *
     * @param where the start of the text of a refusal
     * @throws SubmissionRefusedException when it has a dedupe key
     */
    public static void requireNoKey(Submission submission, String where) {
        if (submission.dedupeKey().isPresent()) {
            throw new SubmissionRefusedException(where
                    + "a message with --redirect-to (redirectTo) cannot have a dedupe key, because the real message may use"
                    + " the same key. Remove the key");
        }
    }

    /**
     * The properties of a submission, with the address if it is redirected.
     *
     * @param only the address; empty if the message is not redirected
     * @param where the start of the text of a refusal
     * @throws SubmissionRefusedException when the submitter or the content sets the property of the address
     */
    public static Promotions.Promoted applied(Promotions.Promoted promoted, Optional<MailAddress> only, String where) {
        if (isTrial(promoted.context())) {
            throw new SubmissionRefusedException(
                    where + "a submitter cannot set the property " + MessageProperties.REDIRECT_TO.name()
                            + ". Remove it. To send a test to another address, an operator can submit with --redirect-to ADDRESS");
        }
        return only.map(address -> promoted.with(MessageProperties.REDIRECT_TO, address.toString()))
                .orElse(promoted);
    }
}
