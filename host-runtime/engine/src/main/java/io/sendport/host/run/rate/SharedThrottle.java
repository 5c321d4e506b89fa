package io.sendport.host.run.rate;

import io.sendport.config.port.Rate;
import io.sendport.host.box.control.Rates;
import java.time.Instant;
import java.util.Optional;

/** Counts sends in the message box, for all processes that share it and have the same configuration. */
final class SharedThrottle implements Throttle {

    private final Rate rate;
    private final Rates box;

    SharedThrottle(Rate rate, Rates box) {
        this.rate = rate;
        this.box = box;
    }

    @Override
    public Rate rate() {
        return rate;
    }

    @Override
    public Optional<Instant> fullUntil(Instant now) {
        return box.fullUntil(rate.name(), rate.messages(), rate.per(), now);
    }

    @Override
    public Optional<Instant> reserve(Instant now) {
        return box.take(rate.name(), rate.messages(), rate.per(), now);
    }

    @Override
    public void release(Instant reservedAt) {
        box.giveBack(rate.name(), reservedAt);
    }
}
