package io.sendport.host.process;

import io.sendport.host.alert.AlertService;
import io.sendport.host.box.MessageBox;
import io.sendport.host.condition.Condition;
import io.sendport.host.pipeline.Extensions;
import java.util.List;
import java.util.function.Supplier;

/** The alerts of a process. */
final class Alerting {

    /** The interval at which the conditions are looked at. */
    static final long MILLIS = 2_000;

    private Alerting() {}

    /** Speaks for {@code process} about {@code conditions}, with the active configuration. */
    static AlertService alertService(
            MessageBox box,
            String process,
            Extensions extensions,
            HostInstances instances,
            Supplier<List<Condition>> conditions) {
        return new AlertService(
                box.alerts(),
                process,
                box.instances().lease(),
                new AlertService.Watched(
                        () -> instances.revision().configuration(), conditions, () -> instances.running().stream()
                                .map(HostInstance::id)
                                .findFirst()
                                .orElse(process)),
                extensions,
                box.clock(),
                System::nanoTime);
    }
}
