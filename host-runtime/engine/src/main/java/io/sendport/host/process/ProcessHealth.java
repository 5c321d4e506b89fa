package io.sendport.host.process;

import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.condition.Condition;
import io.sendport.host.observe.Health;
import io.sendport.host.operate.Operations;
import io.sendport.host.store.commit.StoreException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Reports the health of a process: whether it is alive, whether it can work, and its conditions. Safe for use by several threads. */
final class ProcessHealth {

    private final MessageBox box;
    private final Supplier<Operations> operations;
    private final PeriodicTasks tasks;
    private final StoreWatch storeWatch;
    private final ProcessConditions process;
    private final ConditionReports reports;
    private volatile Map<String, MessageQueries.PortCounts> counts = Map.of();

    ProcessHealth(
            MessageBox box,
            Supplier<Operations> operations,
            PeriodicTasks tasks,
            StoreWatch storeWatch,
            ProcessConditions process,
            ConditionReports reports) {
        this.box = box;
        this.operations = operations;
        this.tasks = tasks;
        this.storeWatch = storeWatch;
        this.process = process;
        this.reports = reports;
    }

    /** Sets the current message counts of the ports. */
    void update(Map<String, MessageQueries.PortCounts> now) {
        counts = now;
    }

    /** Writes the conditions of the instances to the message box. */
    void publish() {
        reports.publish(counts);
    }

    /** The current health. */
    Health now() {
        Map<String, String> live = new TreeMap<>();
        live.put("store", box.store().fault().orElse(""));
        live.putAll(tasks.faults());
        Map<String, String> ready = new TreeMap<>();
        ready.put("store", storeWatch.fault().isEmpty() ? process.unusable().orElse("") : storeWatch.fault());
        return new Health(live, ready, conditions());
    }

    /** The conditions as the status shows them. While the message box is unavailable, the conditions that this process has in memory. */
    List<Condition> conditions() {
        if (process.unusable().isPresent()) {
            return reports.inMemory(counts);
        }
        try {
            return operations.get().conditions().now();
        } catch (StoreException e) {
            return reports.inMemory(counts);
        }
    }
}
