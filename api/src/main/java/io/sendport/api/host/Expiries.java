package io.sendport.api.host;

import java.time.Instant;
import java.util.Map;

/**
 * Takes note of what components and adapters use that expires, such as certificates, so that operators hear of it in time. Lent by
 * {@link HostServices#find}; a component or adapter registers while it is made, and its port's end ends that. For any number of threads; null is
 * allowed nowhere.
 */
@FunctionalInterface
public interface Expiries {

    /** Asks {@code source} from time to time. */
    void watch(Source source);

    /** Tells what expires when. For any number of threads; returns at once and throws nothing. */
    @FunctionalInterface
    interface Source {

        /** When each thing in use expires, by a name that an operator knows it by; never a secret. */
        Map<String, Instant> expiries();
    }
}
