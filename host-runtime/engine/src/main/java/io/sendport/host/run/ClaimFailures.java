package io.sendport.host.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why an instance cannot claim messages, by port, for reasons other than the store. Safe for use by several threads. */
final class ClaimFailures {

    /** Stands for all ports. */
    static final String ALL = "";

    private static final Logger LOG = LoggerFactory.getLogger(ClaimFailures.class);

    private final String instance;
    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();

    ClaimFailures(String instance) {
        this.instance = instance;
    }

    /** Notes a failure, and logs it when it is the first since the last success. */
    void add(String port, Throwable failure) {
        // Before it is logged, since that may fail too.
        if (failures.put(port, failure) == null) {
            LOG.error(
                    "{} cannot claim messages{}, and sends none of them until a retry succeeds",
                    instance,
                    port.equals(ALL) ? "" : " of port " + port,
                    failure);
        }
    }

    /** Claiming has succeeded at a port, or the port is gone. */
    void ended(String port) {
        failures.remove(port);
    }

    boolean isEmpty() {
        return failures.isEmpty();
    }

    /**
     * Checks that there are none.
     *
     * @param isAlive whether the thread that claims runs
     * @throws IllegalStateException otherwise
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
