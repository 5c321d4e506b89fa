package io.sendport.host.run;

import io.sendport.config.Rate;
import io.sendport.config.Schedule;
import io.sendport.config.ServiceWindow;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a port may send now: its service windows and its rates. Safe for use by several threads. */
final class Turn {

    private final Schedule schedule;
    private final List<Throttle> throttles;
    private final Clock clock;

    Turn(Schedule schedule, Throttles shared, Clock clock) {
        this.schedule = schedule;
        this.throttles = schedule.rates().stream().map(shared::of).toList();
        this.clock = clock;
    }

    /** Set while nothing may be sent. */
    Optional<Pause> pause() {
        Instant now = clock.instant();
        return window(now).or(() -> throttles.stream()
                .flatMap(each -> each.fullUntil(now).map(until -> rate(each, until)).stream())
                .findFirst());
    }

    /** Takes the place of one message; set when there is none, and nothing is taken then. */
    Optional<Pause> take() {
        Instant now = clock.instant();
        Optional<Pause> closed = window(now);
        if (closed.isPresent()) {
            return closed;
        }
        List<Throttle> taken = new ArrayList<>();
        for (Throttle each : throttles) {
            Optional<Instant> full = each.take(now);
            if (full.isPresent()) {
                taken.forEach(earlier -> earlier.giveBack(now));
                return full.map(until -> rate(each, until));
            }
            taken.add(each);
        }
        return Optional.empty();
    }

    private Optional<Pause> window(Instant now) {
        return ServiceWindow.opensAt(schedule.windows(), now)
                .map(opens -> new Pause("window", opens, "its service window opens then", false));
    }

    private static Pause rate(Throttle throttle, Instant until) {
        Rate rate = throttle.rate();
        return new Pause("rate", until, rate.messages() + " messages per " + rate.per() + " are sent", false);
    }
}
