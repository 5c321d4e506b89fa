package io.sendport.host.run.rate;

import io.sendport.config.port.Rate;
import io.sendport.host.box.control.Rates;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Creates one throttle for each {@code <rate>} of the configuration. Ports that share a rate share its throttle. Thread-safe. */
public final class Throttles {

    private final Map<String, Throttle> all = new ConcurrentHashMap<>();

    private final Function<Rate, Throttle> factory;

    private Throttles(Function<Rate, Throttle> factory) {
        this.factory = factory;
    }

    /** Creates throttles for a process that is the only one on its message box and uses {@code clock}. */
    public static Throttles ofThisProcess(Clock clock) {
        return new Throttles(rate -> new LocalThrottle(rate, ClockSteps.of(clock)));
    }

    /** Creates throttles that count in {@code box}, for all processes that share it. */
    public static Throttles shared(Rates box) {
        return new Throttles(rate -> new SharedThrottle(rate, box));
    }

    /** The throttles of {@code rates}, in the same order. Rates with the same name have the same throttle. */
    public List<Throttle> of(List<Rate> rates) {
        return rates.stream()
                .map(rate -> all.computeIfAbsent(rate.name(), name -> factory.apply(rate)))
                .toList();
    }
}
