package io.sendport.config;

import io.sendport.config.port.Expectation;
import io.sendport.config.port.PortLimits;
import io.sendport.config.port.PortRetention;
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
 * The part of a configuration that a client command needs: no secrets of ports, no keys, no classes.
 *
 * @param messageBox the store
 * @param auditLedger the settings of the audit ledger
 * @param ports the ports by name
 * @param groups the groups by name
 * @param promotions the properties that are read from each message when it is submitted
 * @param consoleUrl the URL of the console for people; empty when there is none
 * @param tokens the file of tokens of the HTTP API, which need not exist
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
     * The part of a port that concerns a submitter.
     *
     * @param name its name
     * @param host the host that runs it
     * @param application groups ports for people; may be empty
     * @param initialState its state when first seen
     * @param limits limits above which submissions are refused
     * @param retention how long its data is kept
     * @param subscription which messages it subscribes to
     * @param dynamic the domains of a dynamic port, whose messages bring their own address; empty for a port with a fixed address
     * @param ordered whether its messages are sent in the order of their submission
     * @param expectation what the port is expected to do; operators are alerted when it does not
     */
    public record Port(
            String name,
            String host,
            String application,
            PortState initialState,
            PortLimits limits,
            PortRetention retention,
            Optional<Subscription> subscription,
            Optional<Domains> dynamic,
            boolean ordered,
            Expectation expectation) {}

    /** This routing with another message box, or with another user of the same message box. */
    public Routing in(MessageBoxSettings other) {
        return new Routing(other, auditLedger, ports, groups, promotions, consoleUrl, tokens);
    }

    /** Whether a port of that name exists whose recipients a message cannot choose. */
    public boolean hasFixedRecipients(String port) {
        Port named = ports.get(port);
        return named != null && named.dynamic().isEmpty();
    }

    /** The names of ports that subscribe to anything, themselves or as members of a group. */
    public Set<String> subscribers() {
        Set<String> names = new LinkedHashSet<>();
        ports.values().stream().filter(port -> port.subscription().isPresent()).forEach(port -> names.add(port.name()));
        groups.values().stream()
                .filter(group -> group.subscription().isPresent())
                .forEach(group -> names.addAll(group.members()));
        return names;
    }

    /** Extracts the routing of a whole configuration. */
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
                                port.retention(),
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
