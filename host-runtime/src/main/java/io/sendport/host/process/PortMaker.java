package io.sendport.host.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.sendport.api.adapter.Priority;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.HostSettings;
import io.sendport.config.SendPort;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.PluginFolder;
import io.sendport.host.pipeline.Services;
import io.sendport.host.relay.EmbeddedRelay;
import io.sendport.host.run.PortWork;
import io.sendport.host.run.RelaysInTurn;
import io.sendport.host.run.Workplace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the ports of one host instance of their configuration: pipelines, adapters, and the embedded relay for who needs it. */
final class PortMaker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PortMaker.class);

    private final HostInstance.Shared shared;
    private final InstanceLease lease;
    private final Catalog catalog;
    private final Services services;
    private @Nullable EmbeddedRelay relay;

    PortMaker(String host, InstanceLease lease, CamelContext camel, HostInstance.Shared shared) {
        this.shared = shared;
        this.lease = lease;
        this.catalog = new Catalog(new PluginFolder(shared.plugins()));
        this.services = Services.bare(host, shared.clock(), Optional.empty())
                .with(CamelContext.class, camel)
                .with(MeterRegistry.class, shared.registry());
    }

    /**
     * Makes {@code port}, on behalf of {@code host}.
     *
     * @throws Exception when a component or adapter can't be made
     */
    PortWork make(SendPort port, HostSettings host) throws Exception {
        Services own = services.withIdentity(host.identity())
                .with(Priority.class, new Priority(port.schedule().priority()));
        SendAdapter adapter = adapter(port, own);
        Optional<SendAdapter> backup = Optional.empty();
        if (port.backup().isPresent()) {
            backup = Optional.of(adapter(port.backup().get().transport(), own));
        }
        int most = Math.min(
                adapter.maxRecipients(), backup.map(SendAdapter::maxRecipients).orElse(Integer.MAX_VALUE));
        PipelineRun pipeline = new PipelineRun(port, catalog, own, host.redirectTo(), most);
        Workplace place = new Workplace(
                shared.box(),
                shared.throttles(),
                shared.desk()::publishFailed,
                lease.instance(),
                lease,
                shared.spool(),
                shared.clock(),
                shared.metrics());
        return new PortWork(port, pipeline, adapter, backup, place);
    }

    /** One way out; several where audit relays stand in for each other. */
    private SendAdapter adapter(SendPort port, Services own) throws Exception {
        SendAdapter first = adapter(transport(port.transport()), own);
        if (port.standbys().isEmpty()) {
            return first;
        }
        List<SendAdapter> relays = new ArrayList<>(List.of(first));
        for (Settings standby : port.standbys()) {
            relays.add(adapter(transport(standby), own));
        }
        return new RelaysInTurn(relays, shared.clock());
    }

    private SendAdapter adapter(Settings transport, Services own) throws Exception {
        return catalog.adapter(transport).create(transport, own);
    }

    /** As configured; the embedded relay is started when the first port needs it. */
    private Settings transport(Settings transport) throws IOException {
        if (!transport.element().equals("auditRelay") || !transport.flag("embedded", false)) {
            return transport;
        }
        EmbeddedRelay running = relay;
        if (running == null) {
            running = new EmbeddedRelay(
                    transport.path("archive").orElse(transport.origin().folder().resolve("var/relay")));
            relay = running;
        }
        Origin origin = transport.origin();
        Map<String, Setting> attributes = new LinkedHashMap<>(transport.attributes());
        attributes.put("host", Setting.plain("127.0.0.1", origin));
        attributes.put("port", Setting.plain(Integer.toString(running.port()), origin));
        attributes.put("tls", Setting.plain("none", origin));
        attributes.put("auth", Setting.plain("none", origin));
        return new Settings("auditRelay", origin, attributes, transport.children(), "");
    }

    @Override
    public void close() {
        try {
            catalog.close();
        } catch (IOException e) {
            LOG.warn("the plug-ins of {} did not close", lease.instance(), e);
        }
        if (relay != null) {
            relay.close();
        }
    }
}
