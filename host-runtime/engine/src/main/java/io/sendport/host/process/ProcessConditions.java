package io.sendport.host.process;

import io.sendport.host.box.MessageBox;
import io.sendport.host.box.outbox.Outbox;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Escalation;
import io.sendport.host.condition.Severity;
import io.sendport.host.operate.OutboxConditions;
import io.sendport.host.store.commit.StoreException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conditions of a process that concern no single instance: store, clock, configuration, ledger, outbox and periodic tasks. Safe for
 * use by several threads.
 */
final class ProcessConditions {

    private static final String STORE = "message box";
    private static final String LEDGER = "audit ledger";
    private static final Logger LOG = LoggerFactory.getLogger(ProcessConditions.class);

    private final MessageBox box;
    private final Clock clock;
    private final String process;
    private final HostInstances instances;
    private final LedgerMaintenance ledgerMaintenance;
    private final StoreWatch storeWatch;
    private final ClockWatch clockWatch;
    private final ConfigurationReloader reloader;
    private final PeriodicTasks tasks;
    private final FirstSeen firstSeen;

    ProcessConditions(
            String process,
            MessageBox box,
            HostInstances instances,
            LedgerMaintenance ledgerMaintenance,
            StoreWatch storeWatch,
            ClockWatch clockWatch,
            ConfigurationReloader reloader,
            PeriodicTasks tasks) {
        this.process = process;
        this.box = box;
        this.clock = box.clock();
        this.instances = instances;
        this.ledgerMaintenance = ledgerMaintenance;
        this.storeWatch = storeWatch;
        this.clockWatch = clockWatch;
        this.reloader = reloader;
        this.tasks = tasks;
        this.firstSeen = new FirstSeen(clock);
    }

    /** The current conditions. */
    List<Condition> now() {
        List<Condition> all = new ArrayList<>();
        add(all, ConditionKind.STORE_LOST, STORE, Severity.FAILING, storeWatch.fault());
        add(
                all,
                ConditionKind.STORE_UNAVAILABLE,
                STORE,
                Severity.FAILING,
                unusable().orElse(""));
        add(
                all,
                ConditionKind.LOG_HELD_BACK,
                STORE,
                Severity.ATTENTION,
                box.store().heldBack().orElse(""));
        add(all, ConditionKind.CLOCK_CHANGED, process, Severity.ATTENTION, clockWatch.fault());
        add(
                all,
                ConditionKind.CONFIGURATION_REJECTED,
                String.valueOf(instances.revision().configuration().file().getFileName()),
                Severity.ATTENTION,
                firstLine(reloader.fault()));
        add(all, ConditionKind.CHECKPOINT_OVERDUE, LEDGER, Severity.ATTENTION, ledgerMaintenance.checkpointFault());
        add(all, ConditionKind.INSTANCE_FAULT, LEDGER, Severity.ATTENTION, ledgerMaintenance.recordsFault());
        String stamp = ledgerMaintenance.timeStampFault();
        if (!stamp.isEmpty()) {
            Instant since = firstSeen.since(ConditionKind.TIME_STAMP_OVERDUE, LEDGER);
            Severity severity = Escalation.of(1, since, clock.instant(), false, Optional.empty());
            all.add(Condition.of(ConditionKind.TIME_STAMP_OVERDUE, LEDGER, severity, since, stamp));
        }
        tasks.faults()
                .forEach((task, fault) -> add(all, ConditionKind.INSTANCE_FAULT, task, Severity.ATTENTION, fault));
        instances
                .faults()
                .forEach((host, fault) ->
                        add(all, ConditionKind.INSTANCE_FAULT, "host " + host, Severity.ATTENTION, fault));
        box.outbox().ifPresent(outbox -> addOutbox(all, outbox));
        firstSeen.retain(all);
        return all;
    }

    /** The first of several problems, and the number of the others, because a condition is one line. */
    private static String firstLine(String fault) {
        List<String> lines = fault.lines().toList();
        return lines.size() > 1 ? lines.get(0) + " (and " + (lines.size() - 1) + " more)" : fault;
    }

    private void addOutbox(List<Condition> all, Outbox outbox) {
        try {
            // Only the admitting process reports this, because the counts of several processes would be added.
            if (!outbox.isAdmittedBy(process)) {
                return;
            }
            outbox.refused()
                    .forEach((role, count) -> all.add(Condition.of(
                                    ConditionKind.SUBMISSIONS_REFUSED,
                                    role,
                                    Severity.ATTENTION,
                                    firstSeen.since(ConditionKind.SUBMISSIONS_REFUSED, role),
                                    "")
                            .counting(count)));
            OutboxConditions.waiting(outbox, clock.instant()).ifPresent(all::add);
        } catch (StoreException e) {
            // The condition STORE_UNAVAILABLE reports this failure.
            LOG.debug("The outbox cannot be read", e);
        }
    }

    private void add(List<Condition> all, ConditionKind kind, String subject, Severity severity, String fault) {
        if (!fault.isEmpty()) {
            all.add(Condition.of(kind, subject, severity, firstSeen.since(kind, subject), fault));
        }
    }

    /** Why the store cannot be used; empty while it can be used. */
    Optional<String> unusable() {
        return Optional.of(storeWatch.unavailableReason())
                .filter(why -> !why.isEmpty())
                .or(() -> box.store().fault())
                .or(() -> box.store().trouble());
    }
}
