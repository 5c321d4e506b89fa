package io.sendport.api.component;

import io.sendport.api.settings.Identity;
import java.time.Clock;
import java.util.Optional;

/** What a host instance lends the factories of components and adapters. */
public interface HostServices {

    /** The host's name as configured. */
    String host();

    /** The clock that everything of this host goes by. */
    Clock clock();

    /** What "current credentials" means on this host. */
    Optional<Identity> identity();

    /** A service of the host by type, such as its Camel context or its meter registry. */
    <T> Optional<T> find(Class<T> type);

    /**
     * As {@link #find}.
     *
     * @throws IllegalStateException when the host has no such service, with its type
     */
    default <T> T require(Class<T> type) {
        return find(type)
                .orElseThrow(
                        () -> new IllegalStateException("host " + host() + " has no " + type.getName() + " to lend"));
    }
}
