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
 * Detects that a JMS consumer has lost its broker. Camel reports no failure then, because nothing was received: Spring's listener
 * container, on which Camel's JMS components are built, reconnects by itself. Called by reflection, because these components are
 * not shipped. Safe for use by several threads.
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

    /** For a consumer with such a container; empty for any other. */
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

    /** When the connection was first seen to be lost; empty while there is one. */
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
            // A container of another kind, which fails at once if it cannot connect.
            return false;
        } catch (ReflectiveOperationException e) {
            LOG.debug("the state of a broker connection cannot be read", e);
            return false;
        }
    }
}
