package io.sendport.camel;

/** Headers that the component reads and sets. */
public final class SendportHeaders {

    /** Read by producers, and set by {@code sendport:outcomes}: the dedupe key, 1 to 200 characters. */
    public static final String DEDUPE_KEY = "SendportDedupeKey";

    /** Set: the id of the message; with several ports, the ids separated by commas. */
    public static final String MESSAGE_ID = "SendportMessageId";

    /** Set with {@code onRefused=STOP}: why the submission was refused. */
    public static final String REFUSAL = "SendportRefusal";

    /** Set by {@code sendport:outcomes}: the name of the send port. */
    public static final String PORT = "SendportPort";

    /** Set by {@code sendport:outcomes}: the outcome, such as {@code accepted}. */
    public static final String OUTCOME = "SendportOutcome";

    /** Set by {@code sendport:outcomes}: the id of the event, the same whenever the event is received. */
    public static final String OUTCOME_ID = "SendportOutcomeId";

    /** Set by {@code sendport:outcomes}: the recipient, if the event concerns one. */
    public static final String RECIPIENT = "SendportRecipient";

    private SendportHeaders() {}
}
