package io.sendport.host.process;

import io.sendport.config.port.SendPort;
import io.sendport.host.run.PortWork;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Ports for a changed configuration that is not active yet. */
final class PreparedPorts implements AutoCloseable {

    private final Map<SendPort, PortWork> made = new LinkedHashMap<>();

    void add(SendPort port, PortWork work) {
        made.put(port, work);
    }

    /** Passes them on, in the order of the configuration. */
    void forEach(BiConsumer<SendPort, PortWork> action) {
        made.forEach(action);
    }

    /** Closes them, because the configuration is not applied. */
    @Override
    public void close() {
        made.values().forEach(PortWork::close);
    }
}
