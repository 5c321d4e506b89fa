package io.sendport.host.process;

import io.sendport.config.port.SendPort;
import io.sendport.host.run.PortWork;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** New versions of ports, created for a changed configuration that is not active yet. For one thread. */
final class PreparedPorts implements AutoCloseable {

    private final Map<SendPort, PortWork> ports = new LinkedHashMap<>();

    void add(SendPort port, PortWork work) {
        ports.put(port, work);
    }

    /** Passes each port to {@code action}, in the order in which they were added. */
    void forEach(BiConsumer<SendPort, PortWork> action) {
        ports.forEach(action);
    }

    /** Closes the ports, because the configuration is not applied. */
    @Override
    public void close() {
        ports.values().forEach(PortWork::close);
    }
}
