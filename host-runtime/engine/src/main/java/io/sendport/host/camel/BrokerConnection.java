package io.sendport.host.camel;

import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that a JMS consumer has lost the connection to its broker. Camel reports no failure in this case: its JMS components use the
 * listener container of Spring, which reconnects by itself. Uses reflection, because Sendport does not ship these components. Safe for use
 * by several threads.
 */
final class BrokerConnection {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);

    private final Consumer consumer;
    private final Method container;
    private final Clock clock;
    private @Nullable Instant lost;

    private BrokerConnection(Consumer consumer, Method container, Clock clock) {
        this.consumer = consumer;
        this.container = container;
        this.clock = clock;
    }

    /** Observes {@code consumer}; empty if it has no listener container. */
    static Optional<BrokerConnection> of(@Nullable Consumer consumer, Clock clock) {
        if (consumer == null) {
            return Optional.empty();
        }
        try {
            Method container = consumer.getClass().getMethod("getListenerContainer");
            return Optional.of(new BrokerConnection(consumer, container, clock));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    /** When a call first found the connection lost; empty while the consumer is connected. */
    synchronized Optional<Instant> lostSince() {
        if (!isRecovering()) {
            lost = null;
        } else if (lost == null) {
            lost = clock.instant();
        }
        return Optional.ofNullable(lost);
    }

    private boolean isRecovering() {
        try {
            Object found = container.invoke(consumer);
            return found != null
                    && Boolean.TRUE.equals(
                            found.getClass().getMethod("isRecovering").invoke(found));
        } catch (NoSuchMethodException e) {
            // Another kind of container, which fails at once if it cannot connect.
            return false;
        } catch (ReflectiveOperationException e) {
            LOG.debug("the state of a broker connection cannot be read", e);
            return false;
        }
    }
}
