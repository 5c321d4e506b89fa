package io.sendport.host.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures of an instance to claim messages, by port, unless the store is the reason. Safe for use by several threads. */
final class ClaimFailures {

    /** The key for a failure that concerns all ports. */
    static final String ALL = "";

    private static final Logger LOG = LoggerFactory.getLogger(ClaimFailures.class);

    private final String instance;
    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();

    ClaimFailures(String instance) {
        this.instance = instance;
    }

    /** Records a failure. Logs it if it is the first since the last success. */
    void add(String port, Throwable failure) {
        // Record the failure before the log line, because writing the log may fail, too.
        if (failures.put(port, failure) == null) {
            LOG.error(
                    "{} cannot claim messages{} and does not send them until a retry succeeds",
                    instance,
                    port.equals(ALL) ? "" : " of port " + port,
                    failure);
        }
    }

    /** Removes the failure of a port, because a claim has succeeded or the port was removed. */
    void clear(String port) {
        failures.remove(port);
    }

    boolean isEmpty() {
        return failures.isEmpty();
    }

    /**
     * Checks that there is no failure.
     *
     * @param isAlive whether the thread that claims messages runs
     * @throws IllegalStateException when there is a failure, or the thread does not run
     */
    void requireNone(boolean isAlive) {
        if (!isAlive) {
            throw new IllegalStateException(
                    "the thread that claims messages for " + instance + " has ended; restart this process");
        }
        failures.forEach((port, failure) -> {
            throw new IllegalStateException(
                    instance + " cannot claim messages" + (port.equals(ALL) ? "" : " of port " + port) + " (" + failure
                            + "). It keeps retrying. Restart this process, and report the error in the log",
                    failure);
        });
    }
}
