package io.sendport.api.host;

import java.time.Instant;
import java.util.Map;

/**
 * Watches the expiry of what components and adapters use, such as certificates, so that operators are warned in time. {@link
 * HostServices#find} returns it. A component or adapter registers while it is created; its registration ends with its port. Thread-safe;
 * null is never allowed.
 */
@FunctionalInterface
public interface Expiries {

    /** Asks {@code source} from time to time. */
    void watch(Source source);

    /** Returns expiry times. Thread-safe; returns immediately and throws nothing. */
    @FunctionalInterface
    interface Source {

        /** The expiry time of each thing in use, by a name that an operator recognizes; never a secret. */
        Map<String, Instant> expiries();
    }
}
