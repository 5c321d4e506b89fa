package io.sendport.camel;

/** Headers that the component reads and sets. */
public final class SendportHeaders {

    /** Read, and set by {@code sendport:outcomes}: the dedupe key, 1 to 200 characters. */
    public static final String DEDUPE_KEY = "SendportDedupeKey";

    /** Set: the id of the message; several with commas where several ports have one. */
    public static final String MESSAGE_ID = "SendportMessageId";

    /** Set with {@code onRefused=STOP}: why the submission can never be taken. */
    public static final String REFUSAL = "SendportRefusal";

    /** Set by {@code sendport:outcomes}: the send port. */
    public static final String PORT = "SendportPort";

    /** Set by {@code sendport:outcomes}: what happened, such as {@code accepted}. */
    public static final String OUTCOME = "SendportOutcome";

    /** Set by {@code sendport:outcomes}: the same each time that the event is given. */
    public static final String OUTCOME_ID = "SendportOutcomeId";

    /** Set by {@code sendport:outcomes}: the recipient, if the event is about one. */
    public static final String RECIPIENT = "SendportRecipient";

    private SendportHeaders() {}
}
