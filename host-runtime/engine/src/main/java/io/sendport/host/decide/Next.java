package io.sendport.host.decide;

import io.sendport.support.text.Text;
import java.time.Instant;

/**
 * What happens next with a message. A reason may quote what a message, a server or a component said; it holds no control and format
 * characters, wherever it comes from, so that it can be shown anywhere.
 */
public sealed interface Next {

    /** Nothing: every recipient was accepted. */
    record Done() implements Next {}

    /**
     * Another try.
     *
     * @param at not before
     * @param spends whether it uses up one of the port's retries
     */
    record Retry(Instant at, boolean spends) implements Next {

        /** One that uses up a retry. */
        public Retry(Instant at) {
            this(at, true);
        }
    }

    /**
     * The backup transport has its turn, at once and with retries of its own.
     *
     * @param why the first is given up
     */
    record Backup(String why) implements Next {

        /** Shows what the reason quotes. */
        public Backup {
            why = Text.visible(why);
        }
    }

    /**
     * It waits for a person.
     *
     * @param why for the person
     * @param resumable whether the person may let it go on; not where others have passed it in an ordered port
     */
    record Suspend(String why, boolean resumable) implements Next {

        /** Shows what the reason quotes. */
        public Suspend {
            why = Text.visible(why);
        }

        /** One that may go on. */
        public Suspend(String why) {
            this(why, true);
        }
    }

    /**
     * It waits for a person to say whether it arrived.
     *
     * @param why for the person
     */
    record Hold(String why) implements Next {

        /** Shows what the reason quotes. */
        public Hold {
            why = Text.visible(why);
        }
    }
}
