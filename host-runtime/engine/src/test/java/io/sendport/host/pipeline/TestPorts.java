package io.sendport.host.pipeline;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.message.Message;
import io.sendport.config.Configuration;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Placeholders;
import io.sendport.config.read.Reading;
import io.sendport.testing.FakeAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The ports of a configuration that a test writes: read as any configuration, with real pipelines and adapters, and no message box. Not safe for several threads. */
final class TestPorts implements AutoCloseable {

    private static final int MAX_RECIPIENTS = 100;

    private final Catalog catalog;
    private final Services services;
    private final Map<String, SendPort> ports = new HashMap<>();
    private final Map<String, PipelineRun> pipelines = new HashMap<>();
    private final Map<String, SendAdapter> adapters = new HashMap<>();
    private final Path spool;

    /** With what stands between {@code <sendport>} and its end; the host is {@code H}. */
    TestPorts(Path folder, String content) throws Exception {
        this(folder, content, Services.bare("H", Clock.systemUTC(), Optional.empty()));
    }

    /** As above, on a host that lends {@code services} to pipelines and adapters. */
    TestPorts(Path folder, String content, Services services) throws Exception {
        this.services = services;
        Path file = folder.resolve("sendport.xml");
        Files.writeString(file, "<sendport xmlns='urn:sendport:config:1'>" + content + "</sendport>");
        Reading reading = new ConfigurationReader(new NoPlaceholders()).read(file);
        if (reading.hasErrors()) {
            throw new IllegalArgumentException(reading.problems().toString());
        }
        Configuration configuration = reading.configuration().orElseThrow();
        spool = Files.createDirectories(folder.resolve("spool"));
        catalog = new Catalog(Extensions.of(folder.resolve("plugins")));
        for (SendPort port : configuration.ports()) {
            ports.put(port.name(), port);
            pipelines.put(port.name(), new PipelineRun(port, catalog, services, Optional.empty(), MAX_RECIPIENTS));
        }
    }

    /** What the port's pipeline makes of the message. */
    PipelineResult.Sealed run(String port, Message message) throws PipelineException {
        try (SpoolWorkspace workspace = new SpoolWorkspace(SpoolPlace.of(spool, false))) {
            return (PipelineResult.Sealed) pipelines.get(port).run(message, workspace);
        }
    }

    /** One attempt by the port's adapter. */
    DeliveryResult send(String port, Delivery delivery) throws Exception {
        SendAdapter adapter = adapters.get(port);
        if (adapter == null) {
            adapter = catalog.adapter(ports.get(port).transport())
                    .create(ports.get(port).transport(), services);
            adapters.put(port, adapter);
        }
        return FakeAdapter.send(adapter, delivery, () -> true);
    }

    @Override
    public void close() throws IOException {
        for (SendAdapter adapter : adapters.values()) {
            adapter.close();
        }
        for (PipelineRun pipeline : pipelines.values()) {
            pipeline.close();
        }
        catalog.close();
    }

    /** Text stays as it is. */
    private static final class NoPlaceholders implements Placeholders {
        @Override
        public void define(Map<String, String> properties) {
            // Nothing is asked for them.
        }

        @Override
        public String resolve(String text, Path folder) {
            return text;
        }
    }
}
