package io.sendport.smtp;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sendport.api.adapter.AdapterFactory;
import io.sendport.api.adapter.Finding;
import io.sendport.api.adapter.Priority;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.Visit;
import io.sendport.api.host.Expiries;
import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.smtp.doctor.Doctor;
import io.sendport.smtp.pool.ConnectionPool;
import io.sendport.smtp.pool.LogOnBackoff;
import io.sendport.smtp.pool.RelayConnectionLimit;
import io.sendport.smtp.relay.Relay;
import io.sendport.smtp.wire.CertificateWatch;
import io.sendport.smtp.wire.RelaySession;
import io.sendport.support.DaemonTimer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mail.MailComponent;
import org.jspecify.annotations.Nullable;

/** Creates the adapters of {@code <smtp>}. All ports with the same relay settings share one pool. */
public final class SmtpAdapterFactory implements AdapterFactory {

    private static final long SWEEP_SECONDS = 5;

    private final Map<List<Object>, ConnectionPool> pools = new HashMap<>();
    private final Map<String, RelayConnectionLimit> connectionLimits = new HashMap<>();
    private final Map<List<Object>, LogOnBackoff> backoffs = new HashMap<>();
    private @Nullable ScheduledExecutorService watchdog;
    private @Nullable MailComponent component;
    private @Nullable CertificateWatch watch;

    @Override
    public String element() {
        return "smtp";
    }

    @Override
    public List<Problem> check(Settings settings, HostServices host) {
        return RelaySettings.check(settings, host);
    }

    @Override
    public synchronized SendAdapter create(Settings settings, HostServices host) throws Exception {
        CamelContext camel = host.require(CamelContext.class);
        MailComponent mail = component;
        if (mail == null) {
            // Private: never registered with the context, so that no route can reach a mail server without Sendport.
            mail = new MailComponent();
            mail.setCamelContext(camel);
            mail.start();
            component = mail;
        }
        ConnectionPool pool = pool(Relay.of(settings, host), host);
        CertificateWatch shown = watch(host);
        String address = pool.relay().address();
        Map<String, Instant> own = pool.relay().trust().clientExpiries();
        host.find(Expiries.class).ifPresent(expiries -> {
            expiries.watch(() -> shown.expiries(address));
            expiries.watch(() -> own);
        });
        Priority priority = host.find(Priority.class).orElse(Priority.USUAL);
        return new SmtpAdapter(
                camel, mail, pool, ReplyRules.of(settings), priority, host.clock(), host.meters(), () -> release(pool));
    }

    @Override
    public String explain(Settings settings, String reply) {
        return ReplyRules.of(settings).explain(reply);
    }

    @Override
    public void diagnose(Settings settings, HostServices host, Visit visit, Consumer<Finding> to) {
        List<Finding> wrong = RelaySettings.check(settings, host).stream()
                .filter(Problem::isError)
                .map(problem -> Finding.fail("settings", problem.message(), problem.advice()))
                .toList();
        if (!wrong.isEmpty()) {
            wrong.forEach(to);
            return;
        }
        ScheduledExecutorService guard;
        synchronized (this) {
            guard = watchdog();
        }
        new Doctor(Relay.of(settings, host), host.clock(), guard, to).examine(visit);
    }

    private ConnectionPool pool(Relay relay, HostServices host) throws Exception {
        ConnectionPool pool = pools.get(relay.key());
        if (pool == null) {
            pool = new ConnectionPool(
                    relay,
                    new RelaySession(relay, watchdog(), host.clock(), Optional.of(watch(host))),
                    connectionLimit(relay, host),
                    logOnBackoff(relay, host));
            pools.put(relay.key(), pool);
        }
        pool.addUser();
        return pool;
    }

    private CertificateWatch watch(HostServices host) {
        CertificateWatch current = watch;
        if (current == null) {
            current = new CertificateWatch(host.clock(), host.host(), host.find(MeterRegistry.class));
            watch = current;
        }
        return current;
    }

    /** Returns the backoff of an account at a server, which all ports share whatever their other settings. */
    private LogOnBackoff logOnBackoff(Relay relay, HostServices host) {
        return backoffs.computeIfAbsent(
                relay.accountKey(),
                account -> new LogOnBackoff(
                        host.clock(), relay.limits().connect(), !relay.account().logsOn()));
    }

    private RelayConnectionLimit connectionLimit(Relay relay, HostServices host) {
        RelayConnectionLimit known = connectionLimits.get(relay.address());
        if (known != null) {
            return known;
        }
        RelayConnectionLimit made = new RelayConnectionLimit();
        connectionLimits.put(relay.address(), made);
        host.find(MeterRegistry.class).ifPresent(registry -> Gauge.builder(
                        "sendport.smtp.connections.in.use", made, RelayConnectionLimit::inUse)
                .description("Connections currently used by a delivery")
                .tag("host", host.host())
                .tag("relay", relay.address())
                .register(registry));
        return made;
    }

    private ScheduledExecutorService watchdog() {
        ScheduledExecutorService current = watchdog;
        if (current == null) {
            java.util.concurrent.ScheduledThreadPoolExecutor made = DaemonTimer.named("sendport-smtp-watchdog");
            made.setRemoveOnCancelPolicy(true);
            var sweep = made.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
            if (sweep.isCancelled()) {
                throw new IllegalStateException("the watchdog did not start");
            }
            current = Executors.unconfigurableScheduledExecutorService(made);
            watchdog = current;
        }
        return current;
    }

    private void sweep() {
        List<ConnectionPool> all;
        synchronized (this) {
            all = new ArrayList<>(pools.values());
        }
        all.forEach(ConnectionPool::sweep);
    }

    private synchronized void release(ConnectionPool pool) {
        if (pool.removeUser()) {
            pools.remove(pool.relay().key());
            pool.close();
        }
    }

    @Override
    public synchronized void close() {
        pools.values().forEach(ConnectionPool::close);
        pools.clear();
        if (watchdog != null) {
            watchdog.shutdownNow();
        }
        if (component != null) {
            component.stop();
        }
    }
}
