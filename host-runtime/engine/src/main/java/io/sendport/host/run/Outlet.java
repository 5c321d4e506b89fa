package io.sendport.host.run;

import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.host.run.rate.Throttle;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** A way out of a port: its transport or its backup transport, and whether it may be used now. Safe for use by several threads. */
final class Outlet {

    private final String name;
    private final SendAdapter adapter;
    private final List<Throttle> throttles;
    private final Clock clock;
    private volatile Optional<Rest> asked = Optional.empty();

    Outlet(String name, SendAdapter adapter, List<Throttle> throttles, Clock clock) {
        this.throttles = throttles;
        this.name = name;
        this.adapter = adapter;
        this.clock = clock;
    }

    /** For the record: {@code primary} or {@code backup}. */
    String name() {
        return name;
    }

    /** Of its server. */
    List<Throttle> throttles() {
        return throttles;
    }

    SendAdapter adapter() {
        return adapter;
    }

    /** Set while nothing is sent here. */
    Optional<Rest> rest() {
        return asked.filter(each -> clock.instant().isBefore(each.until())).or(adapter::rest);
    }

    /** A rule for answers asks for it. */
    void rest(Rest rest) {
        asked = Optional.of(rest);
    }

    /** What made it rest before counts no more. */
    void resume() {
        asked = Optional.empty();
        adapter.resume();
    }
}
