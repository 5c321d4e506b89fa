package io.sendport.config;

import io.sendport.config.port.Expectation;
import io.sendport.config.port.PortLimits;
import io.sendport.config.port.PortState;
import io.sendport.config.port.SendPortGroup;
import io.sendport.config.port.Subscription;
import io.sendport.support.Domains;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client command needs of a configuration: no secrets of ports, no keys, no classes.
 *
 * @param messageBox the store
 * @param auditLedger anchoring of the ledger
 * @param ports by name
 * @param groups by name
 * @param promotions what is read from each message at submit
 * @param consoleUrl where people ask the console; empty where there is none
 * @param tokens the file of tokens of the HTTP API, which need not be there
 */
public record Routing(
        MessageBoxSettings messageBox,
        AuditLedgerSettings auditLedger,
        Map<String, Port> ports,
        Map<String, SendPortGroup> groups,
        List<Promotion> promotions,
        Optional<String> consoleUrl,
        Path tokens) {

    /**
     * A port as far as a submitter is concerned.
     *
     * @param name its name
     * @param host the host that runs it
     * @param application groups ports for people; may be empty
     * @param initialState its state when first seen
     * @param limits beyond which a submit is refused
     * @param subscription which messages it wants by itself
     * @param dynamic where its messages may go, which bring their own address; empty for a port that says itself
     * @param ordered whether its messages leave in the order in which they were submitted
     * @param expectation what operators want to hear of where it is not so
     */
    public record Port(
            String name,
            String host,
            String application,
            PortState initialState,
            PortLimits limits,
            Optional<Subscription> subscription,
            Optional<Domains> dynamic,
            boolean ordered,
            Expectation expectation) {}

    /** The names of ports that subscribe to anything, by themselves or as members of a group. */
    public Set<String> subscribers() {
        Set<String> names = new LinkedHashSet<>();
        ports.values().stream().filter(port -> port.subscription().isPresent()).forEach(port -> names.add(port.name()));
        groups.values().stream()
                .filter(group -> group.subscription().isPresent())
                .forEach(group -> names.addAll(group.members()));
        return names;
    }

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
                                port.limits(),
                                port.subscription(),
                                port.dynamic(),
                                port.schedule().ordered(),
                                port.schedule().expectation())));
        Map<String, SendPortGroup> groups = new java.util.LinkedHashMap<>();
        configuration.groups().forEach(group -> groups.put(group.name(), group));
        return new Routing(
                configuration.messageBox(),
                configuration.auditLedger(),
                ports,
                groups,
                configuration.promotions(),
                configuration.console().map(ConsoleSettings::url),
                configuration
                        .console()
                        .map(ConsoleSettings::tokens)
                        .orElseGet(() -> ConsoleSettings.standardTokens(
                                configuration.messageBox().place())));
    }
}
