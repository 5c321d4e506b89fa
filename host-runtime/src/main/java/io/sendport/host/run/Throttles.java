package io.sendport.host.run;

import io.sendport.api.settings.Origin;
import io.sendport.config.Rate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One throttle for each {@code <rate>} of the configuration, whoever has it: the ports of a relay share the relay's. */
public final class Throttles {

    private final Map<Origin, Throttle> all = new ConcurrentHashMap<>();

    /** None has sent anything yet. */
    public Throttles() {}

    List<Throttle> of(List<Rate> rates) {
        return rates.stream()
                .map(rate -> all.computeIfAbsent(rate.origin(), origin -> new Throttle(rate)))
                .toList();
    }
}
