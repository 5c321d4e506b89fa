package io.sendport.host.box.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Finds dead instances whose last renewal lies in the future, because the clock was ahead at that time. By the clock, their lease would
 * end much too late. A living instance renews its lease, and the renewal then has the current time. So an instance is dead if its
 * renewal time does not change for a whole lease. Safe for use by several threads.
 */
final class FutureLeases {

    private final Duration lease;
    private final LongSupplier nanos;
    private Map<String, Sighting> sightings = new HashMap<>();

    private record Sighting(Instant seenAt, long since) {}

    /**
     * Starts without any instances.
     *
     * @param nanos elapsed time in nanoseconds
     */
    FutureLeases(Duration lease, LongSupplier nanos) {
        this.lease = lease;
        this.nanos = nanos;
    }

    /** The instances with a renewal time in the future that has not changed for a whole lease of elapsed time. */
    synchronized List<Instances.Instance> lapsed(List<Instances.Instance> instances, Instant now) {
        List<Instances.Instance> lapsed = new ArrayList<>();
        Map<String, Sighting> present = new HashMap<>();
        for (Instances.Instance each : instances) {
            if (Duration.between(now, each.seenAt()).compareTo(lease) <= 0) {
                continue;
            }
            Sighting before = sightings.get(each.id());
            Sighting sighting = before != null && before.seenAt().equals(each.seenAt())
                    ? before
                    : new Sighting(each.seenAt(), nanos.getAsLong());
            present.put(each.id(), sighting);
            if (nanos.getAsLong() - sighting.since() > lease.toNanos()) {
                lapsed.add(each);
            }
        }
        sightings = present;
        return lapsed;
    }
}
