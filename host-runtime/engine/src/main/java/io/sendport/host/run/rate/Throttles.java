package io.sendport.host.run.rate;

import io.sendport.config.port.Rate;
import io.sendport.host.box.control.Rates;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** One throttle for each {@code <rate>} of the configuration; the ports of a relay share the relay's throttle. */
public final class Throttles {

    private final Map<String, Throttle> all = new ConcurrentHashMap<>();

    private final Function<Rate, Throttle> maker;

    private Throttles(Function<Rate, Throttle> maker) {
        this.maker = maker;
    }

    /** For a process that is alone on its message box and uses {@code clock}; starts empty. */
    public static Throttles ofThisProcess(Clock clock) {
        return new Throttles(rate -> new LocalThrottle(rate, ClockSteps.of(clock)));
    }

    /** For all processes that share {@code box}. */
    public static Throttles shared(Rates box) {
        return new Throttles(rate -> new SharedThrottle(rate, box));
    }

    public List<Throttle> of(List<Rate> rates) {
        return rates.stream()
                .map(rate -> all.computeIfAbsent(rate.name(), name -> maker.apply(rate)))
                .toList();
    }
}
