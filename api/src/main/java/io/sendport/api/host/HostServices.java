package io.sendport.api.host;

import io.sendport.api.settings.Identity;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * What a host instance offers components, adapters and their factories. A component class receives it as a constructor parameter of this
 * type. Thread-safe; null is never allowed.
 */
public interface HostServices {

    /** The host's name as configured. */
    String host();

    /** The clock that everything on this host uses. */
    Clock clock();

    /** The identity that "current credentials" means on this host. */
    Optional<Identity> identity();

    /** Counters and timers of the host's metrics. */
    Meters meters();

    /** The absolute folder of the configuration file that names the component or adapter. Relative paths start there. */
    Path configurationFolder();

    /**
     * Opens a workspace for large content: in memory up to a megabyte, beyond that in files that only the host's account can read. A
     * component that has a {@link io.sendport.api.component.MessageScope} uses the workspace of that scope instead.
     *
     * @return the workspace; the caller closes it
     */
    TemporaryWorkspace openWorkspace();

    /** A service of the host by type. The set of services is not promised: a later version may have others. */
    <T> Optional<T> find(Class<T> type);

    /**
     * As {@link #find}.
     *
     * @throws IllegalStateException when the host has no service of this type; the message names the type
     */
    default <T> T require(Class<T> type) {
        return find(type)
                .orElseThrow(
                        () -> new IllegalStateException("host " + host() + " has no " + type.getName() + " service"));
    }
}
