package io.sendport.camel;

/** Headers that the component reads and sets. */
public final class SendportHeaders {

    /** Read: the dedupe key, 1 to 200 characters. */
    public static final String DEDUPE_KEY = "SendportDedupeKey";

    /** Set: the id of the message; several with commas where several ports have one. */
    public static final String MESSAGE_ID = "SendportMessageId";

    /** Set with {@code onRefused=STOP}: why the submission can never be taken. */
    public static final String REFUSAL = "SendportRefusal";

    private SendportHeaders() {}
}
