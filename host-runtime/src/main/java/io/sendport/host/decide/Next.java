package io.sendport.host.decide;

import java.time.Instant;

/** What happens next with a message. */
public sealed interface Next {

    /** Nothing: every recipient was accepted. */
    record Done() implements Next {}

    /**
     * Another try.
     *
     * @param at not before
     */
    record Retry(Instant at) implements Next {}

    /**
     * It waits for a person.
     *
     * @param why for the person
     */
    record Suspend(String why) implements Next {}

    /**
     * It waits for a person to say whether it arrived.
     *
     * @param why for the person
     */
    record Hold(String why) implements Next {}
}
