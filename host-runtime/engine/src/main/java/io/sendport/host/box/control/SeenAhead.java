package io.sendport.host.box.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Instances that were last seen in the future, because the clock was ahead then. By the clock they would live until that time. A living
 * one renews its lease and is then seen at the present time, so one that is seen at the same time for a whole lease is dead. Safe for
 * use by several threads.
 */
final class SeenAhead {

    private final Duration lease;
    private final LongSupplier nanos;
    private Map<String, Sighting> sightings = new HashMap<>();

    private record Sighting(Instant seenAt, long since) {}

    /**
     * Starts without any.
     *
     * @param nanos elapsed time in nanoseconds
     */
    SeenAhead(Duration lease, LongSupplier nanos) {
        this.lease = lease;
        this.nanos = nanos;
    }

    /** Those of {@code instances} that have not renewed their lease for the whole of it, by the elapsed time. */
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
