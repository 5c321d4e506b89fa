package io.sendport.host.operate;

import io.sendport.api.settings.ByteSize;
import io.sendport.config.Routing;
import io.sendport.config.port.PortState;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Instances;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.store.OwnerOnly;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Is everything leaving, and if not, what needs a person. */
public final class Status {

    private static final Duration LATE = Duration.ofHours(1);

    private final Routing routing;
    private final MessageBox box;

    Status(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /** What is seen from the message box at this moment. */
    public StatusView now() {
        Instant now = box.clock().instant();
        List<Instances.Instance> instances = box.instances().alive();
        Map<String, MessageQueries.PortCounts> ports = box.queries().ports();
        OptionalLong free = box.store().freeBytes();
        List<String> needs = new ArrayList<>(needs(instances, ports, now));
        box.ports().pauses().forEach((port, pause) -> {
            if (pause.isFault()) {
                needs.add("port " + port + " waits for " + pause.words());
            }
        });
        if (free.isPresent() && free.getAsLong() < routing.messageBox().minFree()) {
            needs.add("disk: only " + ByteSize.format(free.getAsLong()) + " free, submits are refused");
        }
        Optional<Instant> oldest = ports.values().stream()
                .map(MessageQueries.PortCounts::oldest)
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
        return new StatusView(
                needs,
                instances.stream().map(Instances.Instance::id).toList(),
                oldest.map(since -> OptionalLong.of(Duration.between(since, now).toSeconds()))
                        .orElse(OptionalLong.empty()),
                free,
                lastCheckpoint(),
                OwnerOnly.wideMode(routing.messageBox().folder()).stream().toList(),
                suspended());
    }

    private List<StatusView.Suspended> suspended() {
        List<StatusView.Suspended> suspended = new ArrayList<>();
        box.queries()
                .count(MessageFilter.in(Set.of(MessageState.SUSPENDED)), List.of("port", "error"))
                .forEach((key, count) -> suspended.add(new StatusView.Suspended(count, key.get(0), key.get(1))));
        return suspended;
    }

    private List<String> needs(
            List<Instances.Instance> instances, Map<String, MessageQueries.PortCounts> ports, Instant now) {
        Map<String, PortState> states = box.ports().all();
        List<String> needs = new ArrayList<>();
        ports.forEach((name, at) -> {
            if (!routing.ports().containsKey(name)) {
                needs.add("port " + name + ": " + at.open()
                        + " messages, but the configuration has no such port any more");
            }
            if (at.of(MessageState.SENDING) > 0 && instances.isEmpty()) {
                needs.add("port " + name + ": " + at.of(MessageState.SENDING)
                        + " were being sent when their instance died; `sendport run` takes them over");
            }
        });
        for (Routing.Port port : routing.ports().values()) {
            MessageQueries.PortCounts at = ports.get(port.name());
            if (at != null) {
                needs(port, states.getOrDefault(port.name(), port.initialState()), at, instances, now, needs);
            }
        }
        return needs;
    }

    private static void needs(
            Routing.Port port,
            PortState state,
            MessageQueries.PortCounts at,
            List<Instances.Instance> instances,
            Instant now,
            List<String> needs) {
        String name = "port " + port.name() + ": ";
        if (at.of(MessageState.SUSPENDED) > 0) {
            needs.add(name + at.of(MessageState.SUSPENDED) + " suspended, last: " + at.lastError());
        }
        if (at.of(MessageState.IN_DOUBT) > 0) {
            needs.add(name + at.of(MessageState.IN_DOUBT) + " in doubt");
        }
        long due = at.of(MessageState.WAITING) + at.of(MessageState.RETRYING);
        if (due > 0 && state != PortState.STARTED) {
            needs.add(name + due + " waiting, but it is " + state.word());
        } else if (due > 0 && instances.stream().noneMatch(each -> each.host().equals(port.host()))) {
            needs.add(name + due + " waiting, but no instance of host " + port.host() + " is alive");
        } else if (at.of(MessageState.RETRYING) > 0) {
            at.oldest()
                    .map(since -> Duration.between(since, now))
                    .filter(age -> age.compareTo(LATE) >= 0)
                    .ifPresent(age -> needs.add(name + "the oldest message has been waiting for " + Ages.brief(age)
                            + ", last: " + at.lastError()));
        }
    }

    private Optional<String> lastCheckpoint() {
        String[] last = {""};
        box.ledger().read(AuditFilter.all().with("kind", "CHECKPOINT"), each -> {
            last[0] = each.header("at") + ", " + each.detail("detail");
            return true;
        });
        return Optional.of(last[0]).filter(each -> !each.isEmpty());
    }
}
