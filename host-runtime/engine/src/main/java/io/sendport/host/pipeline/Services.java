package io.sendport.host.pipeline;

import io.sendport.api.host.HostServices;
import io.sendport.api.host.Meters;
import io.sendport.api.host.TemporaryWorkspace;
import io.sendport.api.settings.Identity;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The services that a host offers to factories.
 *
 * @param host the name of the host
 * @param clock the clock of the host
 * @param identity the account of the host; empty if it has none
 * @param services other services, by type
 */
public record Services(String host, Clock clock, Optional<Identity> identity, Map<Class<?>, Object> services)
        implements HostServices {

    /** Services without others than a name, a clock and an account. */
    public static Services bare(String host, Clock clock, Optional<Identity> identity) {
        return new Services(host, clock, identity, Map.of());
    }

    /** A copy with one more service. */
    public <T> Services with(Class<T> type, T service) {
        Map<Class<?>, Object> more = new HashMap<>(services);
        more.put(type, service);
        return new Services(host, clock, identity, Map.copyOf(more));
    }

    /** A copy for another account. */
    public Services withIdentity(Optional<Identity> other) {
        return new Services(host, clock, other, services);
    }

    @Override
    public <T> Optional<T> find(Class<T> type) {
        return Optional.ofNullable(services.get(type)).map(type::cast);
    }

    /** A copy that resolves paths relative to {@code folder}. */
    public Services in(Path folder) {
        return with(ConfigurationFolder.class, new ConfigurationFolder(folder.toAbsolutePath()));
    }

    /** A copy that spools large content in {@code place}. */
    public Services spoolingTo(SpoolPlace place) {
        return with(SpoolPlace.class, place);
    }

    private record ConfigurationFolder(Path path) {}

    @Override
    public Meters meters() {
        return find(Meters.class).orElse(Meters.NONE);
    }

    @Override
    public Path configurationFolder() {
        return find(ConfigurationFolder.class).map(ConfigurationFolder::path).orElseGet(() -> Path.of("")
                .toAbsolutePath());
    }

    @Override
    public TemporaryWorkspace openWorkspace() {
        return new SpoolWorkspace(find(SpoolPlace.class)
                .orElseGet(() -> SpoolPlace.of(Path.of(System.getProperty("java.io.tmpdir")), false)));
    }
}
