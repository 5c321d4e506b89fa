package io.sendport.host.process;

import io.sendport.host.alert.AlertService;
import io.sendport.host.box.MessageBox;
import io.sendport.host.condition.Condition;
import io.sendport.host.pipeline.Extensions;
import java.util.List;
import java.util.function.Supplier;

/** Creates the alert service of a process. */
final class Alerting {

    /** How often the alert service checks the conditions. */
    static final long INTERVAL_MILLIS = 2_000;

    private Alerting() {}

    /** Creates the service that reports {@code conditions} on behalf of {@code process}, with the active configuration. */
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
