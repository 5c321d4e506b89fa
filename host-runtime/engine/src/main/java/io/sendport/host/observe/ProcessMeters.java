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
 * Registers the metrics of the Java process: memory, garbage collection, threads, file descriptors, processor and version. Only the program
 * {@code sendport} uses this; an embedding application registers such metrics itself.
 */
public final class ProcessMeters {

    private ProcessMeters() {}

    /**
     * Registers the metrics with {@code registry} until the process ends.
     *
     * @param version the version of the program
     */
    @SuppressWarnings("resource") // the listener for garbage collections must stay registered until the process ends
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
