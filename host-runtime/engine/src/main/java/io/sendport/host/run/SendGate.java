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

/** Decides whether a port may send now, by its service windows, its rates and the rates of its outlet. Safe for use by several threads. */
final class SendGate {

    private final Schedule schedule;
    private final List<Throttle> throttles;
    private final Clock clock;

    SendGate(Schedule schedule, Throttles shared, Clock clock) {
        this.schedule = schedule;
        this.throttles = shared.of(schedule.rates());
        this.clock = clock;
    }

    /** The pause in which nothing may be sent over {@code outlet}; empty while messages may be sent. */
    Optional<Pause> pause(Outlet outlet) {
        Instant now = clock.instant();
        return windowPause(now).or(() -> all(outlet)
                .flatMap(each -> each.fullUntil(now).map(until -> ratePause(each, until)).stream())
                .findFirst());
    }

    /** Reserves room for one message at {@code now}. If a window is closed or a rate is full, reserves nothing and returns the pause. */
    Optional<Pause> reserve(Outlet outlet, Instant now) {
        Optional<Pause> closed = windowPause(now);
        if (closed.isPresent()) {
            return closed;
        }
        List<Throttle> reserved = new ArrayList<>();
        for (Throttle each : all(outlet).toList()) {
            Optional<Instant> full = each.reserve(now);
            if (full.isPresent()) {
                reserved.forEach(earlier -> earlier.release(now));
                return full.map(until -> ratePause(each, until));
            }
            reserved.add(each);
        }
        return Optional.empty();
    }

    /** Releases the room that {@link #reserve} reserved at {@code reservedAt}, because the message is not sent. */
    void release(Outlet outlet, Instant reservedAt) {
        all(outlet).forEach(each -> each.release(reservedAt));
    }

    private Stream<Throttle> all(Outlet outlet) {
        return Stream.concat(throttles.stream(), outlet.throttles().stream());
    }

    private Optional<Pause> windowPause(Instant now) {
        return ServiceWindow.opensAt(schedule.windows(), now)
                .map(opens -> new Pause(Pause.Kind.WINDOW, Optional.of(opens), "the service window is closed"));
    }

    private static Pause ratePause(Throttle throttle, Instant until) {
        Rate rate = throttle.rate();
        return new Pause(
                Pause.Kind.RATE,
                Optional.of(until),
                "the configured rate of " + rate.messages() + " messages per " + rate.per() + " is used up");
    }
}
