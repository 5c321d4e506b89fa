package io.sendport.config;

import java.util.List;
import java.util.Map;

/**
 * What a client command needs of a configuration: no secrets of ports, no keys, no classes.
 *
 * @param messageBox the store
 * @param auditLedger anchoring of the ledger
 * @param ports by name
 * @param promotions what is read from each message at submit
 */
public record Routing(
        MessageBoxSettings messageBox,
        AuditLedgerSettings auditLedger,
        Map<String, Port> ports,
        List<Promotion> promotions) {

    /**
     * A port as far as a submitter is concerned.
     *
     * @param name its name
     * @param host the host that runs it
     * @param application groups ports for people; may be empty
     * @param initialState its state when first seen
     * @param maxMessageSize bytes of all parts together
     */
    public record Port(String name, String host, String application, PortState initialState, long maxMessageSize) {}

    /** The routing of a whole configuration. */
    public static Routing of(Configuration configuration) {
        Map<String, Port> ports = new java.util.LinkedHashMap<>();
        configuration
                .ports()
                .forEach(port -> ports.put(
                        port.name(),
                        new Port(
                                port.name(),
                                port.host(),
                                port.application(),
                                port.initialState(),
                                port.maxMessageSize())));
        return new Routing(configuration.messageBox(), configuration.auditLedger(), ports, configuration.promotions());
    }
}
