package io.sendport.host.cli;

import io.sendport.config.PortState;
import io.sendport.config.Routing;
import io.sendport.host.box.Instances;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.MessageState;
import io.sendport.host.store.Store;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sendport ports}. */
@Command(
        name = "ports",
        description = "Shows the send ports, and sets their states.",
        footer = {
            "",
            "Examples:",
            "  sendport ports",
            "  sendport ports stop Invoices --reason \"the relay is being moved\""
        })
final class PortsCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private Setup setup = new Setup();

    @Override
    public void run() {
        print(setup, Set.of(), spec);
    }

    @Command(name = "list", description = "All ports: state, counts, age of the oldest, last error.")
    int list(@Mixin Setup own) {
        return print(own, Set.of(), spec);
    }

    @Command(name = "show", description = "One port.")
    int show(@Mixin Setup own, @Parameters(paramLabel = "NAME", arity = "1..*") List<String> names) {
        return print(own, Set.copyOf(names), spec);
    }

    @Command(name = "start", description = "Lets ports send; enlists them first where needed.")
    int start(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Parameters(paramLabel = "NAME", arity = "1..*") List<String> names) {
        return set(own, act, names, PortState.STARTED, Set.of(PortState.UNENLISTED, PortState.STOPPED));
    }

    @Command(name = "stop", description = "Ports take messages and send none.")
    int stop(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Parameters(paramLabel = "NAME", arity = "1..*") List<String> names) {
        return set(own, act, names, PortState.STOPPED, Set.of(PortState.STARTED));
    }

    @Command(name = "enlist", description = "Unenlisted ports take messages again.")
    int enlist(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Parameters(paramLabel = "NAME", arity = "1..*") List<String> names) {
        return set(own, act, names, PortState.STOPPED, Set.of(PortState.UNENLISTED));
    }

    @Command(name = "unenlist", description = "Ports take no messages.")
    int unenlist(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Parameters(paramLabel = "NAME", arity = "1..*") List<String> names) {
        return set(own, act, names, PortState.UNENLISTED, Set.of(PortState.STARTED, PortState.STOPPED));
    }

    private int set(Setup own, ActOptions act, List<String> names, PortState wanted, Set<PortState> from) {
        Routing routing = own.routing();
        List<Routing.Port> ports = named(routing, Set.copyOf(names));
        PrintWriter out = spec.commandLine().getOut();
        try (MessageBox box = own.open(routing, Store.Access.WRITE)) {
            boolean all = true;
            for (Routing.Port port : ports) {
                PortState now = box.ports().of(port.name()).orElse(port.initialState());
                if (now == wanted) {
                    out.println("port " + port.name() + " is " + wanted.word() + " already");
                } else if (!from.contains(now)) {
                    out.println("port " + port.name() + " is " + now.word() + "; nothing was done");
                    all = false;
                } else if (act.dryRun()) {
                    out.println("port " + port.name() + " would become " + wanted.word());
                } else {
                    box.ports().set(port.name(), wanted, act.actor());
                    out.println("port " + port.name() + " is " + wanted.word());
                }
            }
            return all ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    private static List<Routing.Port> named(Routing routing, Set<String> names) {
        List<Routing.Port> found = new ArrayList<>();
        for (String name : names) {
            String pattern = java.util.regex.Pattern.quote(name).replace("*", "\\E.*\\Q");
            List<Routing.Port> matching = routing.ports().values().stream()
                    .filter(port -> port.name().matches(pattern))
                    .toList();
            if (matching.isEmpty()) {
                throw new UsageException("there is no port \"" + name + "\", expected one of "
                        + routing.ports().keySet());
            }
            found.addAll(matching);
        }
        return names.isEmpty() ? List.copyOf(routing.ports().values()) : found;
    }

    private static int print(Setup setup, Set<String> names, CommandSpec spec) {
        Routing routing = setup.routing();
        PrintWriter out = spec.commandLine().getOut();
        List<Routing.Port> ports = named(routing, names);
        try (MessageBox box = setup.open(routing, Store.Access.READ)) {
            Map<String, MessageQueries.PortCounts> counts = box.queries().ports();
            Map<String, PortState> states = box.ports().all();
            Map<String, String> rests = box.ports().waiting();
            Set<String> hosts = box.instances().alive().stream()
                    .map(Instances.Instance::host)
                    .collect(Collectors.toSet());
            List<List<String>> rows = new ArrayList<>();
            for (Routing.Port port : ports) {
                MessageQueries.PortCounts at = counts.getOrDefault(
                        port.name(), new MessageQueries.PortCounts(Map.of(), java.util.Optional.empty(), ""));
                Map<String, Object> map = asMap(
                        port,
                        states.getOrDefault(port.name(), port.initialState()),
                        at,
                        hosts,
                        box.clock().instant());
                if (rests.containsKey(port.name()) && "started".equals(map.get("state"))) {
                    // The word for scripts, the rest of the sentence for people: see `status`.
                    map.put("waitsFor", rests.get(port.name()).replaceAll("[: ].*", ""));
                }
                if (setup.json()) {
                    out.println(Output.json(map));
                }
                rows.add(map.entrySet().stream()
                        .map(each ->
                                each.getValue() == null ? "-" : each.getValue().toString())
                        .toList());
            }
            if (!setup.json()) {
                Output.table(
                        out,
                        List.of(
                                "port",
                                "host",
                                "application",
                                "state",
                                "waiting",
                                "sending",
                                "retrying",
                                "scheduled",
                                "in doubt",
                                "suspended",
                                "oldest s",
                                "waits for",
                                "last error"),
                        rows);
            }
            return ExitStatus.DONE;
        }
    }

    private static Map<String, Object> asMap(
            Routing.Port port, PortState state, MessageQueries.PortCounts at, Set<String> hosts, Instant now) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", port.name());
        map.put("host", port.host());
        map.put("application", port.application().isEmpty() ? null : port.application());
        map.put("state", state.word());
        map.put("waiting", at.of(MessageState.WAITING));
        map.put("sending", at.of(MessageState.SENDING));
        map.put("retrying", at.of(MessageState.RETRYING));
        map.put("scheduled", at.of(MessageState.SCHEDULED));
        map.put("inDoubt", at.of(MessageState.IN_DOUBT));
        map.put("suspended", at.of(MessageState.SUSPENDED));
        map.put(
                "oldestSeconds",
                at.oldest()
                        .map(since -> Duration.between(since, now).toSeconds())
                        .orElse(null));
        map.put("waitsFor", waitsFor(port, state, at, hosts));
        map.put("lastError", at.lastError().isEmpty() ? null : at.lastError());
        return map;
    }

    private static @Nullable String waitsFor(
            Routing.Port port, PortState state, MessageQueries.PortCounts at, Set<String> hosts) {
        if (at.of(MessageState.WAITING) + at.of(MessageState.RETRYING) == 0) {
            return null;
        }
        if (!hosts.contains(port.host())) {
            return "instance";
        }
        if (state != PortState.STARTED) {
            return "start";
        }
        return at.of(MessageState.RETRYING) > 0 && at.of(MessageState.WAITING) == 0 ? "relay" : null;
    }
}
