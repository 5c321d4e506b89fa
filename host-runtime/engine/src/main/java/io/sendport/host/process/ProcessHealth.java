package io.sendport.host.process;

import io.sendport.host.box.MessageBox;
import io.sendport.host.observe.Health;
import java.util.Map;
import java.util.TreeMap;

/** Collects what is well in a process and what is not. Safe for use by several threads. */
final class ProcessHealth {

    private final MessageBox box;
    private final HostInstances instances;
    private final LedgerCare ledgerCare;
    private final StoreWatch storeWatch;
    private final ClockWatch clockWatch;
    private final ConfigurationTakeover takeover;
    private final PeriodicTasks tasks;

    /** Asks each of these. */
    ProcessHealth(
            MessageBox box,
            HostInstances instances,
            LedgerCare ledgerCare,
            StoreWatch storeWatch,
            ClockWatch clockWatch,
            ConfigurationTakeover takeover,
            PeriodicTasks tasks) {
        this.box = box;
        this.instances = instances;
        this.ledgerCare = ledgerCare;
        this.storeWatch = storeWatch;
        this.clockWatch = clockWatch;
        this.takeover = takeover;
        this.tasks = tasks;
    }

    /** The health at this moment. */
    Health now() {
        Map<String, String> live = new TreeMap<>();
        live.put("store", box.store().fault().orElse(""));
        live.putAll(tasks.faults());
        Map<String, String> ready = new TreeMap<>(live);
        ready.put("store", store());
        ready.put("log", box.store().heldBack().orElse(""));
        ready.put("clock", clockWatch.fault());
        ready.put("configuration", takeover.fault());
        ready.put("disk", disk());
        ready.putAll(ledgerCare.faults());
        ready.put("hosts", String.join("; ", instances.faults()));
        for (HostInstance instance : instances.running()) {
            ready.put("host " + instance.name(), String.join("; ", instance.faults()));
            instance.rests().forEach((port, what) -> ready.put("port " + port, what));
        }
        return new Health(live, ready);
    }

    /** What keeps the store from being used; lost commits before all else. */
    private String store() {
        if (!storeWatch.fault().isEmpty()) {
            return storeWatch.fault();
        }
        if (!storeWatch.absence().isEmpty()) {
            return storeWatch.absence();
        }
        return box.store().fault().or(box.store()::trouble).orElse("");
    }

    private String disk() {
        long free = box.store().freeBytes().orElse(Long.MAX_VALUE);
        long least = instances.revision().configuration().messageBox().minFree();
        return free < least ? "only " + free + " bytes free" : "";
    }
}
