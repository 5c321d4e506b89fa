package io.sendport.host.run;

import io.sendport.config.port.Rate;
import io.sendport.config.port.Schedule;
import io.sendport.config.port.ServiceWindow;
import io.sendport.host.box.control.Pause;
import io.sendport.host.run.rate.Throttle;
import io.sendport.host.run.rate.Throttles;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a port may send now: its service windows, its rates, and those of its outlet. Safe for use by several threads. */
final class SendGate {

    private final Schedule schedule;
    private final List<Throttle> throttles;
    private final Clock clock;

    SendGate(Schedule schedule, Throttles shared, Clock clock) {
        this.schedule = schedule;
        this.throttles = shared.of(schedule.rates());
        this.clock = clock;
    }

    /** Set while nothing may be sent over {@code outlet}. */
    Optional<Pause> pause(Outlet outlet) {
        Instant now = clock.instant();
        return window(now).or(() -> all(outlet)
                .flatMap(each -> each.fullUntil(now).map(until -> rate(each, until)).stream())
                .findFirst());
    }

    /** Reserves room for one message, sent at {@code now}. Set when a window or rate has no room; nothing is reserved then. */
    Optional<Pause> take(Outlet outlet, Instant now) {
        Optional<Pause> closed = window(now);
        if (closed.isPresent()) {
            return closed;
        }
        List<Throttle> taken = new ArrayList<>();
        for (Throttle each : all(outlet).toList()) {
            Optional<Instant> full = each.take(now);
            if (full.isPresent()) {
                taken.forEach(earlier -> earlier.giveBack(now));
                return full.map(until -> rate(each, until));
            }
            taken.add(each);
        }
        return Optional.empty();
    }

    /** Returns the room that {@link #take} reserved at {@code taken}, for a message that is not sent. */
    void giveBack(Outlet outlet, Instant taken) {
        all(outlet).forEach(each -> each.giveBack(taken));
    }

    private Stream<Throttle> all(Outlet outlet) {
        return Stream.concat(throttles.stream(), outlet.throttles().stream());
    }

    private Optional<Pause> window(Instant now) {
        return ServiceWindow.opensAt(schedule.windows(), now)
                .map(opens -> new Pause(Pause.Kind.WINDOW, Optional.of(opens), "the service window is closed"));
    }

    private static Pause rate(Throttle throttle, Instant until) {
        Rate rate = throttle.rate();
        return new Pause(
                Pause.Kind.RATE,
                Optional.of(until),
                "the configured rate of " + rate.messages() + " messages per " + rate.per() + " is used up");
    }
}
