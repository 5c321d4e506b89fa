package io.sendport.host.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.sendport.api.adapter.Priority;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.audit.AuditorEncryption;
import io.sendport.api.host.Expiries;
import io.sendport.api.host.Meters;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.HostSettings;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.AuditRelays;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.observe.Metrics;
import io.sendport.host.pipeline.AuditorCopy;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.Services;
import io.sendport.host.relay.EmbeddedRelay;
import io.sendport.host.relay.EmbeddedRelayAdapter;
import io.sendport.host.relay.HopFailures;
import io.sendport.host.run.DeliveryHistory;
import io.sendport.host.run.FailoverRelays;
import io.sendport.host.run.PortObserver;
import io.sendport.host.run.PortServices;
import io.sendport.host.run.PortWork;
import io.sendport.host.run.RetryingWriter;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the ports of one host instance from their configuration: pipelines, adapters, and embedded relays if needed. Safe for use by
 * several threads.
 */
final class PortFactory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PortFactory.class);

    private final SharedParts shared;
    private final InstanceLease lease;
    private final Catalog catalog;
    private final Services services;
    private final PortObserver observer;
    private final DeliveryHistory history;
    private final CertificatesInUse certificates;
    private final Map<Path, Running> relays = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /** A running embedded relay and its settings, which are the same for all ports of a host. */
    private record Running(EmbeddedRelay relay, Settings settings) {}

    PortFactory(
            String host,
            InstanceLease lease,
            CamelContext camel,
            SharedParts shared,
            DeliveryHistory history,
            CertificatesInUse certificates) {
        this.history = history;
        this.certificates = certificates;
        this.observer = PortObserver.both(shared.metrics(), history);
        this.shared = shared;
        this.lease = lease;
        this.catalog = new Catalog(shared.extensions());
        this.services = Services.bare(host, shared.clock(), Optional.empty())
                .with(CamelContext.class, camel)
                .with(MeterRegistry.class, shared.registry());
    }

    /**
     * Creates {@code port} of {@code host}, without starting it.
     *
     * @throws Exception when a component or adapter cannot be created
     */
    PortWork create(SendPort port, HostSettings host) throws Exception {
        Services own = services.withIdentity(host.identity())
                .with(Priority.class, new Priority(port.schedule().priority()))
                .with(Meters.class, Metrics.meters(shared.registry(), Map.of("port", port.name())))
                .with(Expiries.class, certificates.register(port.name()))
                .spoolingTo(shared.spool());
        if (host.auditorCertificate().isPresent()) {
            own = own.with(
                    AuditorCopy.class, auditorCopy(host.auditorCertificate().get()));
        }
        SendAdapter adapter = adapter(port, own);
        Optional<SendAdapter> backup = Optional.empty();
        if (port.backup().isPresent()) {
            backup = Optional.of(adapter(port.backup().get().transport(), own));
        }
        int maxRecipients = Math.min(
                adapter.maxRecipients(), backup.map(SendAdapter::maxRecipients).orElse(Integer.MAX_VALUE));
        PipelineRun pipeline = new PipelineRun(port, catalog, own, host.redirectTo(), maxRecipients);
        PortServices portServices = new PortServices(
                shared.box(),
                shared.throttles(),
                shared.submissionService()::publishFailed,
                lease.instance(),
                lease,
                shared.spool(),
                shared.clock(),
                observer,
                shared.watch(),
                shared.deliveries(),
                shared.tracing(),
                shared.budget());
        return new PortWork(port, pipeline, adapter, backup, portServices);
    }

    private AuditorCopy auditorCopy(Path certificate) throws IOException {
        AuditorEncryption.Envelope envelope = AuditorCopies.encryption().to(certificate);
        return (message, mail, same) -> {
            try {
                return shared.auditorCopies().keep(message, envelope, mail, same);
            } catch (IOException e) {
                throw new StoreException(
                        "cannot write the auditor's copy of message " + message + ": " + e.getMessage(), e);
            }
        };
    }

    /** Creates the adapter for the transport of the port. With standby audit relays, it fails over between them. */
    private SendAdapter adapter(SendPort port, Services own) throws Exception {
        SendAdapter first = transportAdapter(port.transport(), own);
        if (port.standbys().isEmpty()) {
            return first;
        }
        List<SendAdapter> all = new ArrayList<>(List.of(first));
        for (Settings standby : port.standbys()) {
            all.add(transportAdapter(standby, own));
        }
        return new FailoverRelays(all, shared.clock(), result -> history.skipped(port.name(), result));
    }

    private SendAdapter transportAdapter(Settings transport, Services own) throws Exception {
        SendAdapter adapter = adapter(transport(transport, own), own);
        return isEmbedded(transport) ? new EmbeddedRelayAdapter(adapter, shared.clock()) : adapter;
    }

    private static boolean isEmbedded(Settings transport) {
        return transport.element().equals("auditRelay") && transport.flag("embedded", false);
    }

    private SendAdapter adapter(Settings transport, Services own) throws Exception {
        return catalog.adapter(transport)
                .create(transport, own.in(transport.origin().folder()));
    }

    /** Returns the settings of the transport. For an embedded relay, starts it and returns the settings to connect to it. */
    private Settings transport(Settings transport, Services own) throws Exception {
        if (!isEmbedded(transport)) {
            return transport;
        }
        EmbeddedRelay relay = relay(transport, own);
        Origin origin = transport.origin();
        Map<String, Setting> attributes = new LinkedHashMap<>(transport.attributes());
        attributes.put("host", Setting.plain("127.0.0.1", origin));
        attributes.put("port", Setting.plain(Integer.toString(relay.port()), origin));
        attributes.put("tls", Setting.plain("none", origin));
        attributes.put("auth", Setting.plain("basic", origin));
        attributes.put("allowClearText", Setting.plain("true", origin));
        attributes.put("user", Setting.plain(EmbeddedRelay.USER, origin));
        attributes.put("password", Setting.plain(relay.password().reveal(), origin));
        return new Settings("auditRelay", origin, attributes, transport.children(), "");
    }

    /** Starts the relay when the first port needs it, and applies new settings after a reload. */
    @SuppressWarnings("ReferenceEquality") // a different object means that the configuration was read again
    private synchronized EmbeddedRelay relay(Settings settings, Services own) throws Exception {
        Path archive = AuditRelays.archive(settings);
        Running running = relays.get(archive);
        if (running != null && running.settings() == settings) {
            return running.relay();
        }
        int maxMessageSize = AuditRelays.maxMessageSize(settings);
        Optional<SendAdapter> hop = Optional.empty();
        if (settings.child("smtp").isPresent()) {
            // Count nothing for the port: the answers of the next hop are not answers to it.
            hop = Optional.of(adapter(settings.child("smtp").get(), own.with(Meters.class, Meters.NONE)));
        }
        EmbeddedRelay relay = running == null ? startRelay(archive, maxMessageSize, own.host()) : running.relay();
        relays.put(archive, new Running(relay, settings));
        relay.applySettings(maxMessageSize, hop);
        return relay;
    }

    private EmbeddedRelay startRelay(Path archive, int maxMessageSize, String host) throws IOException {
        RetryingWriter writer = new RetryingWriter(shared.box().store(), () -> closing);
        return new EmbeddedRelay(
                archive,
                maxMessageSize,
                shared.clock(),
                (message, entry) ->
                        writer.run(() -> shared.box().attempts().record(message, entry.by(host, lease.instance()))));
    }

    /** The problems of embedded relays, for operators. */
    List<String> faults() {
        return relays.values().stream()
                .map(each -> each.relay().fault())
                .filter(fault -> !fault.isEmpty())
                .toList();
    }

    /** The next hops of embedded relays that have failed, and accepted no recipient since. */
    List<HopFailures> hopFailures() {
        return relays.values().stream()
                .flatMap(each -> each.relay().hopFailures().stream())
                .toList();
    }

    @Override
    public void close() {
        closing = true;
        relays.values().forEach(each -> each.relay().close());
        try {
            catalog.close();
        } catch (IOException e) {
            LOG.warn("cannot close the plug-ins of {}", lease.instance(), e);
        }
    }
}
