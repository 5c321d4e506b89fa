package io.sendport.api.host;

import io.sendport.api.settings.Identity;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * What a host instance lends components, adapters and their factories. A component class gets it as a constructor parameter of this type. For
 * any number of threads; null is allowed nowhere.
 */
public interface HostServices {

    /** The host's name as configured. */
    String host();

    /** The clock that everything of this host goes by. */
    Clock clock();

    /** What "current credentials" means on this host. */
    Optional<Identity> identity();

    /** Where to count and time. */
    Meters meters();

    /** The absolute folder of the configuration file that names the component or adapter: relative paths start there. */
    Path configurationFolder();

    /**
     * Opens room for large content: in memory up to a megabyte, beyond that in files that only the host's account can read. A component that
     * has a {@link io.sendport.api.component.MessageScope} uses the workspace of that instead.
     *
     * @return to be closed by the caller
     */
    TemporaryWorkspace openWorkspace();

    /** A service of the host by type. Which there are is no promise: one of a later version may have others. */
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
