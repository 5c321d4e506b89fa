package io.sendport.host.decide;

import io.sendport.support.text.Text;
import java.time.Instant;

/**
 * The next action for a message. A reason may quote a message, a server or a component. It never contains control or format
 * characters, so that it can be shown anywhere.
 */
public sealed interface NextAction {

    /** The action in words, for the log. */
    String described();

    /** No action: every recipient accepted. */
    record Done() implements NextAction {
        @Override
        public String described() {
            return "done";
        }
    }

    /**
     * Another attempt.
     *
     * @param at the earliest time
     * @param spends whether it uses one of the port's retries
     */
    record Retry(Instant at, boolean spends) implements NextAction {

        /** A retry that counts. */
        public Retry(Instant at) {
            this(at, true);
        }

        @Override
        public String described() {
            return "next attempt at " + at;
        }
    }

    /**
     * Switches to the backup transport at once, with the backup's own retries.
     *
     * @param why the primary transport is given up
     */
    record Backup(String why) implements NextAction {

        /** Makes control characters in the reason visible. */
        public Backup {
            why = Text.visible(why);
        }

        @Override
        public String described() {
            return "switches to the backup transport";
        }
    }

    /**
     * Suspends the message until an operator acts.
     *
     * @param why for the operator
     * @param resumable whether the operator may resume it; false when others have passed it in an ordered port
     */
    record Suspend(String why, boolean resumable) implements NextAction {

        /** Makes control characters in the reason visible. */
        public Suspend {
            why = Text.visible(why);
        }

        @Override
        public String described() {
            return "suspended";
        }

        /** Suspends a message that may be resumed. */
        public Suspend(String why) {
            this(why, true);
        }
    }

    /**
     * Holds the message until an operator says whether it arrived.
     *
     * @param why for the operator
     */
    record Hold(String why) implements NextAction {

        /** Makes control characters in the reason visible. */
        public Hold {
            why = Text.visible(why);
        }

        @Override
        public String described() {
            return "inDoubt, waits for an operator";
        }
    }
}
