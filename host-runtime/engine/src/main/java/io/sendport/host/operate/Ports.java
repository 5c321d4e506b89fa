package io.sendport.host.operate;

import io.sendport.config.Routing;
import io.sendport.config.port.PortState;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Instances;
import io.sendport.host.box.control.Pause;
import io.sendport.host.box.control.PortAct;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the send ports of the configuration, and sets their states. Safe for use by several threads. */
public final class Ports {

    private final Routing routing;
    private final MessageBox box;

    Ports(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /**
     * The result of an act on a port.
     *
     * @param port the name of the port
     * @param before the state before the act
     * @param after the state after the act; for a dry run, the state that the port would have
     * @param outcome the outcome of the act
     */
    public record Change(String port, PortState before, PortState after, Outcome outcome) {

        /** The outcome of an act on a port. */
        public enum Outcome {
            /** The state was changed. */
            CHANGED,
            /** The port already had that state. */
            ALREADY,
            /** The state would change; a dry run changes nothing. */
            WOULD_CHANGE,
            /** The state of the port does not allow the act; see {@link PortAct}. */
            REFUSED
        }
    }

    /**
     * Returns ports by name, in the order of the configuration.
     *
     * @param names the names of ports or groups; {@code *} matches any text; empty for all ports
     * @throws RefusedException when a name matches no port or group
     */
    public List<PortView> list(Collection<String> names) {
        Map<String, MessageQueries.PortCounts> counts = box.queries().ports();
        Map<String, PortState> states = box.ports().all();
        Map<String, Pause> pauses = box.ports().pauses();
        Set<String> hosts =
                box.instances().alive().stream().map(Instances.Instance::host).collect(Collectors.toSet());
        Instant now = box.clock().instant();
        return named(names).stream()
                .map(port -> {
                    MessageQueries.PortCounts at = counts.getOrDefault(port.name(), MessageQueries.PortCounts.NONE);
                    PortState state = states.getOrDefault(port.name(), port.initialState());
                    return view(
                            port,
                            state,
                            at,
                            waitsFor(port, state, at, hosts),
                            Optional.ofNullable(pauses.get(port.name())),
                            now);
                })
                .toList();
    }

    /**
     * Performs {@code act} on each port that {@code names} match.
     *
     * @param dry true to report what would be done, without doing it
     * @throws RefusedException when a name matches no port or group; no state was changed then
     */
    public List<Change> act(PortAct act, Collection<String> names, Actor actor, boolean dry) {
        Map<String, PortState> states = box.ports().all();
        List<Change> changes = new ArrayList<>();
        for (Routing.Port port : named(names)) {
            PortState before = states.getOrDefault(port.name(), port.initialState());
            Change.Outcome outcome = outcome(act, before, dry);
            if (outcome == Change.Outcome.CHANGED) {
                box.ports().set(port.name(), act.target(), actor);
            }
            PortState after = outcome == Change.Outcome.REFUSED ? before : act.target();
            changes.add(new Change(port.name(), before, after, outcome));
        }
        return changes;
    }

    private static Change.Outcome outcome(PortAct act, PortState before, boolean dry) {
        if (before == act.target()) {
            return Change.Outcome.ALREADY;
        }
        if (!act.sources().contains(before)) {
            return Change.Outcome.REFUSED;
        }
        return dry ? Change.Outcome.WOULD_CHANGE : Change.Outcome.CHANGED;
    }

    /**
     * Checks that every name matches a port or a group. Needs no message box.
     *
     * @throws RefusedException when a name matches none
     */
    public static void requireKnown(Routing routing, Collection<String> names) {
        named(routing, names);
    }

    /** Returns the names of the ports that {@code name} matches, as a port or a group; empty when it matches none. */
    public static Set<String> fitting(Routing routing, String name) {
        return PortNames.matching(routing, name);
    }

    /**
     * Returns the names of the ports of a host.
     *
     * @throws RefusedException when the host has no ports or does not exist
     */
    public static Set<String> ofHost(Routing routing, String host) {
        Set<String> names = new TreeSet<>();
        routing.ports().values().stream()
                .filter(port -> port.host().equals(host))
                .forEach(port -> names.add(port.name()));
        if (names.isEmpty()) {
            Set<String> hosts = new TreeSet<>();
            routing.ports().values().forEach(port -> hosts.add(port.host()));
            throw RefusedException.notFound(
                    "no ports are configured on host \"" + host + "\"; expected one of " + hosts);
        }
        return names;
    }

    private List<Routing.Port> named(Collection<String> names) {
        return named(routing, names);
    }

    private static List<Routing.Port> named(Routing routing, Collection<String> names) {
        if (names.isEmpty()) {
            return List.copyOf(routing.ports().values());
        }
        Set<String> found = new HashSet<>();
        for (String name : names) {
            Set<String> matches = PortNames.matching(routing, name);
            if (matches.isEmpty()) {
                throw PortNames.unknown(routing, name);
            }
            found.addAll(matches);
        }
        return routing.ports().values().stream()
                .filter(port -> found.contains(port.name()))
                .toList();
    }

    private static PortView view(
            Routing.Port port,
            PortState state,
            MessageQueries.PortCounts at,
            Optional<PortNeed> waitsFor,
            Optional<Pause> storedPause,
            Instant now) {
        Optional<Pause> pause = storedPause.filter(each -> state == PortState.STARTED);
        return new PortView(
                port.name(),
                port.host(),
                Optional.of(port.application()).filter(each -> !each.isEmpty()),
                state,
                at.of(MessageState.WAITING),
                at.of(MessageState.SENDING),
                at.of(MessageState.RETRYING),
                at.of(MessageState.SCHEDULED),
                at.of(MessageState.IN_DOUBT),
                at.of(MessageState.SUSPENDED),
                at.oldest()
                        .map(since ->
                                OptionalLong.of(Duration.between(since, now).toSeconds()))
                        .orElse(OptionalLong.empty()),
                pause.map(each -> PortNeed.of(each.kind())).or(() -> waitsFor),
                pause,
                Optional.of(at.lastError()).filter(each -> !each.isEmpty()));
    }

    private static Optional<PortNeed> waitsFor(
            Routing.Port port, PortState state, MessageQueries.PortCounts at, Set<String> hosts) {
        if (at.of(MessageState.WAITING) + at.of(MessageState.RETRYING) == 0) {
            return Optional.empty();
        }
        if (!hosts.contains(port.host())) {
            return Optional.of(PortNeed.INSTANCE);
        }
        if (state != PortState.STARTED) {
            return Optional.of(PortNeed.START);
        }
        // A running instance stores what else a port waits for, as a pause.
        return Optional.empty();
    }
}
