package io.sendport.host.cli;

import io.sendport.api.settings.ByteSize;
import io.sendport.config.PortState;
import io.sendport.config.Routing;
import io.sendport.host.box.Instances;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.MessageState;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.run.Pause;
import io.sendport.host.store.OwnerOnly;
import io.sendport.host.store.Store;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sendport status}. */
@Command(
        name = "status",
        description =
                "Is everything leaving? Instances alive, ports that need a person and why, the oldest message, the disk.",
        footer = {"", "Exit status 1 when something needs a person."})
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private Setup setup = new Setup();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Routing routing = setup.routing();
        try (MessageBox box = setup.open(routing, Store.Access.READ)) {
            Instant now = box.clock().instant();
            List<String> needs = new ArrayList<>();
            List<Instances.Instance> instances = box.instances().alive();
            Map<String, MessageQueries.PortCounts> ports = box.queries().ports();
            Map<String, PortState> states = box.ports().all();
            needs(routing, instances, ports, states, now, needs);
            box.ports().waiting().forEach((port, what) -> {
                if (!Pause.isOrderly(what)) {
                    needs.add("port " + port + " waits for " + what);
                }
            });
            Optional<Instant> oldest = ports.values().stream()
                    .map(MessageQueries.PortCounts::oldest)
                    .flatMap(Optional::stream)
                    .min(Instant::compareTo);
            OptionalLong seen = box.store().freeBytes();
            long free = seen.orElse(Long.MAX_VALUE);
            if (free < routing.messageBox().minFree()) {
                needs.add("disk: only " + ByteSize.format(free) + " free, submits are refused");
            }
            Map<List<String>, Long> suspended =
                    box.queries().count(MessageFilter.in(Set.of(MessageState.SUSPENDED)), List.of("port", "error"));
            String checkpoint = lastCheckpoint(box);
            Optional<String> folder = OwnerOnly.wideMode(routing.messageBox().folder());
            if (setup.json()) {
                Map<String, Object> all = new LinkedHashMap<>();
                all.put("needsPerson", needs);
                all.put(
                        "instances",
                        instances.stream().map(Instances.Instance::id).toList());
                all.put(
                        "oldestSeconds",
                        oldest.map(since -> Duration.between(since, now).toSeconds())
                                .orElse(null));
                all.put("freeBytes", seen.isPresent() ? free : null);
                all.put("lastCheckpoint", checkpoint.isEmpty() ? null : checkpoint);
                all.put("warnings", folder.stream().toList());
                out.println(Output.json(all));
            } else {
                out.println(
                        switch (needs.size()) {
                            case 0 -> "everything is leaving";
                            case 1 -> "1 thing needs a person";
                            default -> needs.size() + " things need a person";
                        });
                needs.forEach(each -> out.println("  " + each));
                out.println("instances   "
                        + (instances.isEmpty()
                                ? "none alive"
                                : String.join(
                                        ", ",
                                        instances.stream()
                                                .map(Instances.Instance::id)
                                                .toList())));
                out.println("oldest      "
                        + oldest.map(since -> Output.age(Duration.between(since, now)))
                                .orElse("nothing waits"));
                suspended.forEach(
                        (key, count) -> out.println("suspended   " + count + " at " + key.get(0) + ": " + key.get(1)));
                out.println("disk        "
                        + (seen.isPresent() ? ByteSize.format(free) + " free" : "of the database, not seen from here"));
                out.println("checkpoint  " + (checkpoint.isEmpty() ? "none yet" : checkpoint));
                folder.ifPresent(fault -> out.println("warning     " + fault));
            }
            return needs.isEmpty() ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    private static void needs(
            Routing routing,
            List<Instances.Instance> instances,
            Map<String, MessageQueries.PortCounts> ports,
            Map<String, PortState> states,
            Instant now,
            List<String> needs) {
        ports.forEach((name, at) -> {
            if (!routing.ports().containsKey(name)) {
                long open =
                        at.counts().values().stream().mapToLong(Long::longValue).sum();
                needs.add("port " + name + ": " + open + " messages, but the configuration has no such port any more");
            }
            if (at.of(MessageState.SENDING) > 0 && instances.isEmpty()) {
                needs.add("port " + name + ": " + at.of(MessageState.SENDING)
                        + " were being sent when their instance died; `sendport run` takes them over");
            }
        });
        for (Routing.Port port : routing.ports().values()) {
            MessageQueries.PortCounts at = ports.get(port.name());
            if (at == null) {
                continue;
            }
            long open = at.counts().values().stream().mapToLong(Long::longValue).sum();
            if (at.of(MessageState.SUSPENDED) > 0) {
                needs.add("port " + port.name() + ": " + at.of(MessageState.SUSPENDED) + " suspended, last: "
                        + at.lastError());
            }
            if (at.of(MessageState.IN_DOUBT) > 0) {
                needs.add("port " + port.name() + ": " + at.of(MessageState.IN_DOUBT) + " in doubt");
            }
            long due = at.of(MessageState.WAITING) + at.of(MessageState.RETRYING);
            PortState state = states.getOrDefault(port.name(), port.initialState());
            if (due > 0 && state != PortState.STARTED) {
                needs.add("port " + port.name() + ": " + due + " waiting, but it is " + state.word());
            } else if (due > 0
                    && instances.stream().noneMatch(each -> each.host().equals(port.host()))) {
                needs.add("port " + port.name() + ": " + due + " waiting, but no instance of host " + port.host()
                        + " is alive");
            } else if (open > 0
                    && at.oldest()
                            .filter(since -> Duration.between(since, now).toHours() >= 1)
                            .isPresent()
                    && at.of(MessageState.RETRYING) > 0) {
                needs.add("port " + port.name() + ": the oldest message has been waiting for "
                        + Output.age(Duration.between(at.oldest().get(), now)) + ", last: " + at.lastError());
            }
        }
    }

    private static String lastCheckpoint(MessageBox box) {
        String[] last = {""};
        box.ledger().read(AuditFilter.all().with("kind", "CHECKPOINT"), each -> {
            last[0] = each.header("at") + ", " + each.detail("detail");
            return true;
        });
        return last[0];
    }
}
