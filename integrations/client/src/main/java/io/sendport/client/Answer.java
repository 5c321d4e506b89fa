package io.sendport.client;

import io.sendport.api.message.MessageId;

/** What became of a submission. */
public sealed interface Answer {

    /** It is in the outbox, durable, and no host has admitted it yet. */
    record Stored() implements Answer {}

    /**
     * It is a message.
     *
     * @param state as the command line and the HTTP API write it, such as {@code waiting}, {@code retrying} or {@code done}
     */
    record Admitted(String state) implements Answer {

        /** Whether the relay has taken it for all recipients, or an operator has resolved it. That it was delivered to them is not known here. */
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
     * It can never be taken as it is.
     *
     * @param why for people
     */
    record Refused(String why) implements Answer {}

    /** There is no such submission or message: it was never committed, or retention has deleted it. */
    record Unknown() implements Answer {}
}
