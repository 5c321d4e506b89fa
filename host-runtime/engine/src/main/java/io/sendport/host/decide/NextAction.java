package io.sendport.host.decide;

import io.sendport.support.text.Text;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The next action for a message. A reason may quote a message, a server or a component. Control and format characters in it are made
 * visible, so that it can be shown anywhere.
 */
public sealed interface NextAction {

    /** The action in words, for the log. */
    String described();

    /** No action, because every recipient has accepted. */
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
     * @param spends whether the attempt uses one of the retries of the message
     */
    record Retry(Instant at, boolean spends) implements NextAction {

        /** Creates an attempt that uses a retry. */
        public Retry(Instant at) {
            this(at, true);
        }

        @Override
        public String described() {
            return "next attempt at " + at.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    /**
     * The next attempt is at once, over the backup transport. The backup has its own retries.
     *
     * @param why the reason to switch, for the operator
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
     * @param why the reason, for the operator
     * @param resumable whether the operator may resume the message; false at an ordered port that continues without it
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

        /** Suspends a message that an operator may resume. */
        public Suspend(String why) {
            this(why, true);
        }
    }

    /**
     * Keeps the message in doubt until an operator decides whether it arrived.
     *
     * @param why the reason, for the operator
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
