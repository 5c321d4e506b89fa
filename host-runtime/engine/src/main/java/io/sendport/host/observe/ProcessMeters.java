package io.sendport.host.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;

/**
 * Meters for the process: memory, threads, descriptors, processor, and version. For the Sendport process only; an embedding
 * application has its own.
 */
public final class ProcessMeters {

    private ProcessMeters() {}

    /**
     * Shows them in {@code registry} until the process ends.
     *
     * @param version of the program
     */
    @SuppressWarnings("resource") // what hears of collections is needed to the end
    public static void show(MeterRegistry registry, String version) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        Gauge.builder("sendport.build.info", () -> 1)
                .description("Always 1; the labels contain the versions of the program and of Java")
                .tag("version", version)
                .tag("java", Runtime.version().toString())
                .register(registry);
    }
}
