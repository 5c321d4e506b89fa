package io.sendport.client;

import io.sendport.api.message.MessageId;

/** The status of a submission. Immutable. */
public sealed interface Answer {

    /** Committed to the outbox; no host has admitted it yet. */
    record Stored() implements Answer {}

    /**
     * A host admitted the submission: it is a message.
     *
     * @param state the state of the message, as in the command line and the HTTP API, such as {@code waiting}, {@code retrying} or {@code
     *     done}
     */
    record Admitted(String state) implements Answer {

        /**
         * Whether the relay accepted the mail for all recipients, or an operator resolved the message. This does not prove delivery to the
         * recipients.
         */
        public boolean isDone() {
            return state.equals("done");
        }
    }

    /**
     * An earlier submission had the same dedupe key.
     *
     * @param message the message of that submission
     */
    record Duplicate(MessageId message) implements Answer {}

    /**
     * A host refused the submission. It would refuse the same submission again.
     *
     * @param why the reason, for people
     */
    record Refused(String why) implements Answer {}

    /** No such submission or message exists: it was never committed, or retention deleted it. */
    record Unknown() implements Answer {}
}
