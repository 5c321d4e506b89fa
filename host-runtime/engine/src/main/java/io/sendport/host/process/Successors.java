package io.sendport.host.process;

import io.sendport.config.port.SendPort;
import io.sendport.host.run.PortWork;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ports made for a changed configuration that is not in force yet. */
final class Successors implements AutoCloseable {

    final Map<SendPort, PortWork> made = new LinkedHashMap<>();

    /** Closes them: the configuration does not come into force. */
    @Override
    public void close() {
        made.values().forEach(PortWork::close);
    }
}
