package io.sendport.host.run;

import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.host.run.rate.Throttle;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** An outlet of a port: its transport or its backup transport, and whether it may be used now. Safe for use by several threads. */
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

    /** The name in ledger records: {@code primary} or {@code backup}. */
    String name() {
        return name;
    }

    /** The throttles of its server. */
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

    /** Starts a rest that a reply rule asks for. */
    void rest(Rest rest) {
        asked = Optional.of(rest);
    }

    /** Ends any rest. */
    void resume() {
        asked = Optional.empty();
        adapter.resume();
    }
}
