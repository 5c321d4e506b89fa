package io.sendport.host.operate;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Report;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Verdict;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reports the overall status: the verdict, the conditions and figures. Safe for use by several threads. */
public final class Status {

    private static final long SECONDS_PER_MINUTE = 60;
    /** How long to search for the last checkpoint. The status omits it if the search takes longer. */
    private static final Duration CHECKPOINT_TIMEOUT = Duration.ofSeconds(5);

    private final Routing routing;
    private final MessageBox box;

    Status(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /**
     * Returns the current status.
     *
     * @throws io.sendport.host.store.commit.StoreException when the message box is unavailable
     */
    public StatusView now() {
        Conditions all = new Conditions(routing, box);
        Conditions.Snapshot snapshot = all.read();
        List<Condition> conditions = all.evaluate(snapshot);
        Collection<MessageQueries.PortCounts> ports = snapshot.counts().values();
        long waiting = ports.stream().mapToLong(MessageQueries.PortCounts::due).sum();
        long lastMinute = snapshot.activity().values().stream()
                .mapToLong(Report.Activity::lastMinute)
                .sum();
        Optional<Instant> oldest =
                ports.stream().flatMap(each -> each.oldest().stream()).min(Instant::compareTo);
        List<ConditionView> views = conditions.stream().map(ConditionView::of).toList();
        return new StatusView(
                Verdict.of(conditions),
                views,
                views.stream()
                        .filter(each -> each.severity() != Severity.INFO)
                        .map(ConditionView::sentence)
                        .toList(),
                List.copyOf(snapshot.ids()),
                lastMinute,
                waiting,
                lastMinute == 0 ? OptionalLong.empty() : OptionalLong.of(waiting * SECONDS_PER_MINUTE / lastMinute),
                oldest.map(since -> OptionalLong.of(
                                Duration.between(since, snapshot.now()).toSeconds()))
                        .orElse(OptionalLong.empty()),
                box.store().freeBytes(),
                lastCheckpoint(),
                suspended());
    }

    private List<StatusView.Suspended> suspended() {
        List<StatusView.Suspended> suspended = new ArrayList<>();
        box.queries()
                .count(MessageFilter.in(Set.of(MessageState.SUSPENDED)), List.of("port", "error"))
                .forEach((key, count) -> suspended.add(new StatusView.Suspended(count, key.get(0), key.get(1))));
        return suspended;
    }

    private Optional<String> lastCheckpoint() {
        return box
                .ledger()
                .newest(AuditFilter.all().ofKinds(List.of(Kind.CHECKPOINT)), List.of(), 1, CHECKPOINT_TIMEOUT)
                .records()
                .stream()
                .map(each -> each.header("at") + ", " + each.detail("detail"))
                .findFirst();
    }
}
