package io.sendport.test;

import io.sendport.api.host.HostServices;
import io.sendport.api.host.Meters;
import io.sendport.api.host.TemporaryWorkspace;
import io.sendport.api.message.Body;
import io.sendport.api.message.Workspace;
import io.sendport.api.settings.Identity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A host for tests. Keeps written content in memory, and metrics in {@link #counted}. Thread-safe. */
public class TestHost implements HostServices {

    /** Each recorded count and time, as {@code name{label=value}}. */
    public final List<String> counted = new CopyOnWriteArrayList<>();

    private final Path folder;
    private final Map<Class<?>, Object> services = new ConcurrentHashMap<>();

    /** A host whose configuration is in {@code folder}. */
    public TestHost(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** Adds a service that {@link #find} returns. */
    public <T> TestHost lending(Class<T> type, T service) {
        services.put(type, service);
        return this;
    }

    @Override
    public String host() {
        return "Test";
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public Optional<Identity> identity() {
        return Optional.empty();
    }

    @Override
    public Meters meters() {
        return new Meters() {
            @Override
            public void count(String name, Map<String, String> labels) {
                counted.add(name + new TreeMap<>(labels));
            }

            @Override
            public void time(String name, Duration took, Map<String, String> labels) {
                count(name, labels);
            }
        };
    }

    @Override
    public Path configurationFolder() {
        return folder;
    }

    @Override
    public TemporaryWorkspace openWorkspace() {
        return new TemporaryWorkspace() {
            @Override
            public Body write(Workspace.Writer writer) throws IOException {
                return MEMORY.write(writer);
            }

            @Override
            public void close() {
                // Garbage collection frees the heap.
            }
        };
    }

    /** Keeps all content on the heap. */
    public static final Workspace MEMORY = writer -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.writeTo(out);
        return Body.wrapping(out.toByteArray());
    };

    @Override
    public <T> Optional<T> find(Class<T> type) {
        return Optional.ofNullable(services.get(type)).map(type::cast);
    }
}
