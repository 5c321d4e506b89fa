package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.port.BackupTransport;
import io.sendport.config.port.OutboundMap;
import io.sendport.config.port.Pipeline;
import io.sendport.config.port.PortLimits;
import io.sendport.config.port.PortState;
import io.sendport.config.port.RetryRule;
import io.sendport.config.port.Schedule;
import io.sendport.config.port.SendPort;
import io.sendport.config.port.Subscription;
import io.sendport.config.port.Written;
import io.sendport.support.Domains;
import io.sendport.support.TransformLimits;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Builds a port with what it inherits from its host, pipeline and connection. A BizTalk location inherits from its handler in the same way.
 */
final class PortBuilder {

    static final String EXPECTED_DOMAINS = "expected domains such as customer.example or *.partner.example";

    private final SmtpConnections connections;
    private final Map<String, Settings> pipelines;
    private final Map<String, Settings> hosts;
    private final AuditRelays auditRelays;
    private final List<Problem> problems;
    private final UsedFiles usedFiles = new UsedFiles();

    PortBuilder(
            SmtpConnections connections,
            Map<String, Settings> pipelines,
            Map<String, Settings> hosts,
            AuditRelays auditRelays,
            List<Problem> problems) {
        this.connections = connections;
        this.pipelines = pipelines;
        this.hosts = hosts;
        this.auditRelays = auditRelays;
        this.problems = problems;
    }

    /** The effective elements of a port that name files which the port loads when it is created. */
    private List<Settings> elementsWithFiles(
            Settings port,
            Settings host,
            Pipeline pipeline,
            Settings transport,
            Optional<Settings> dkim,
            Optional<BackupTransport> backup) {
        List<Settings> all = new ArrayList<>(port.children("map"));
        all.addAll(pipeline.preAssemble());
        pipeline.assemble().ifPresent(all::add);
        all.addAll(pipeline.encode());
        all.add(transport);
        dkim.ifPresent(all::add);
        all.addAll(standbys(host));
        backup.map(BackupTransport::transport).ifPresent(all::add);
        host.child("audit").ifPresent(all::add);
        return all;
    }

    private ScheduleBuilder schedules(Settings port) {
        List<Settings> owners = new ArrayList<>(List.of(port));
        owners.addAll(connections.all());
        owners.addAll(hosts.values());
        return new ScheduleBuilder(owners, problems);
    }

    /** The port, as far as it could be understood; empty when its host does not exist. */
    Optional<SendPort> port(Settings port) {
        String name = port.text("name", "");
        for (String element : List.of(
                "mail",
                "smtp",
                "camel",
                "adapter",
                "dynamic",
                "dkim",
                "pipelineSettings",
                "retry",
                "limits",
                "retention",
                "expect",
                "backupTransport")) {
            if (port.children(element).size() > 1) {
                problems.add(Problem.error(
                        port.children(element).get(1).origin(),
                        where(port),
                        "has a second <" + element + ">",
                        "expected one"));
            }
        }
        Optional<Pipeline> pipeline = pipeline(port);
        Settings host = hosts.get(port.text("host", ""));
        if (host == null) {
            problems.add(port.problem(
                    "host", "\"" + port.text("host", "") + "\" does not exist", "expected one of " + hosts.keySet()));
            return Optional.empty();
        }
        Optional<Settings> transport = transport(port, host);
        Settings mail = new MailBuilder(problems).mail(port, host);
        ScheduleBuilder schedules = schedules(port);
        try {
            // Checked first, so that other problems do not hide the problems of the schedule.
            Schedule schedule = schedules.schedule(port);
            Optional<Subscription> subscription = Subscription.of(port, problems);
            Optional<Domains> domains = domains(port, problems);
            if (pipeline.isEmpty() || transport.isEmpty()) {
                return Optional.empty();
            }
            Optional<BackupTransport> backup = backup(port, host);
            Optional<Settings> dkim = new DkimBuilder(problems).dkim(port, host, transport.get(), mail);
            return Optional.of(new SendPort(
                    name,
                    port.origin(),
                    host.text("name", ""),
                    port.text("application", ""),
                    PortState.of(port.text("initialState", "started")),
                    pipeline.get(),
                    maps(port),
                    mail,
                    dkim,
                    transport.get(),
                    standbys(host),
                    schedules.rates(transport.get()),
                    retry(port, host),
                    backup,
                    subscription,
                    domains,
                    port.flag("routeFailedMessages", false),
                    schedule,
                    PortLimits.of(port),
                    RetentionBuilder.of(port),
                    usedFiles.of(elementsWithFiles(port, host, pipeline.get(), transport.get(), dkim, backup)),
                    new Written(withRetry(port, host))));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            // The schema has already reported the attribute.
            return Optional.empty();
        }
    }

    /** The domains that a dynamic port may send to. */
    static Optional<Domains> domains(Settings port, List<Problem> problems) {
        Optional<Settings> dynamic = port.child("dynamic");
        try {
            return dynamic.map(each -> Domains.parse(each.text("domains", "")));
        } catch (IllegalArgumentException e) {
            problems.add(dynamic.orElseThrow().problem("domains", String.valueOf(e.getMessage()), EXPECTED_DOMAINS));
            return Optional.empty();
        }
    }

    private Optional<BackupTransport> backup(Settings port, Settings host) {
        Optional<Settings> given = port.child("backupTransport");
        if (given.isEmpty()) {
            return Optional.empty();
        }
        Settings backup = given.get();
        if (!auditRelays.of(host).isEmpty()) {
            problems.add(Problem.error(
                    backup.origin(),
                    where(port),
                    "<backupTransport> would bypass the audit relay of host " + host.text("name", ""),
                    "leave <backupTransport> out"));
            return Optional.empty();
        }
        List<Settings> transports = new ArrayList<>(backup.children("smtp"));
        transports.addAll(backup.children("camel"));
        transports.addAll(backup.children("adapter"));
        if (transports.size() != 1) {
            problems.add(Problem.error(
                    backup.origin(),
                    where(port),
                    "<backupTransport> has " + transports.size() + " transports",
                    "expected one"));
            return Optional.empty();
        }
        Settings own = transports.get(0);
        Settings transport = own.element().equals("smtp") ? connections.inherited(own, host) : own;
        if (transport.element().equals("smtp") && transport.text("host").isEmpty()) {
            problems.add(Problem.error(
                    own.origin(),
                    where(port),
                    "<backupTransport> does not name a server",
                    "set host or connection of its <smtp>"));
            return Optional.empty();
        }
        Settings retry = backup.child("retry").orElse(Settings.empty("retry", backup.origin()));
        // A delivery in doubt is treated the same on both transports, unless the backup transport specifies otherwise.
        boolean holds = retry.has("inDoubt") ? holds(retry) : retry(port, host).hold();
        return Optional.of(new BackupTransport(
                transport, rule(retry, holds), schedules(port).rates(transport)));
    }

    private Optional<Settings> transport(Settings port, Settings host) {
        List<Settings> relays = auditRelays.of(host);
        List<Settings> transports = Stream.of("smtp", "camel", "adapter")
                .flatMap(element -> port.child(element).stream())
                .toList();
        Optional<Settings> own = transports.stream().findFirst();
        if (!relays.isEmpty()) {
            own.ifPresent(transport -> problems.add(Problem.error(
                    transport.origin(),
                    where(port),
                    "has its own transport, but host " + host.text("name", "") + " has an audit relay",
                    "every port of that host connects only to the relay; leave <" + transport.element() + "> out")));
            return Optional.of(relays.get(0));
        }
        if (transports.size() > 1) {
            problems.add(Problem.error(
                    transports.get(1).origin(),
                    where(port),
                    "has <" + transports.get(0).element() + "> and <"
                            + transports.get(1).element() + ">",
                    "expected one transport"));
        }
        Optional<Settings> other = transports.stream()
                .filter(each -> !each.element().equals("smtp"))
                .findFirst();
        if (other.isPresent()) {
            return other;
        }
        Settings effective =
                connections.inherited(port.child("smtp").orElse(Settings.empty("smtp", port.origin())), host);
        if (effective.text("host").isEmpty()) {
            problems.add(Problem.error(
                    own.map(Settings::origin).orElse(port.origin()),
                    where(port),
                    "does not name a server, and host " + host.text("name", "") + " does not either",
                    "set host or connection in <smtp> of the port or of the host"));
            return Optional.empty();
        }
        return Optional.of(effective);
    }

    private List<Settings> standbys(Settings host) {
        List<Settings> relays = auditRelays.of(host);
        return relays.isEmpty() ? List.of() : List.copyOf(relays.subList(1, relays.size()));
    }

    private Optional<Pipeline> pipeline(Settings port) {
        String name = port.text("pipeline", Pipeline.PASS_THRU);
        Settings pipeline = pipelines.get(name);
        if (pipeline == null && !name.equals(Pipeline.PASS_THRU)) {
            problems.add(port.problem(
                    "pipeline",
                    "\"" + name + "\" does not exist",
                    "expected " + Pipeline.PASS_THRU
                            + (pipelines.isEmpty() ? "" : " or one of " + pipelines.keySet())));
            return Optional.empty();
        }
        List<Settings> own = new ArrayList<>(
                port.child("pipelineSettings").map(Settings::children).orElse(List.of()));
        if (pipeline == null) {
            reportUnused(own, port, name);
            return Optional.of(new Pipeline(name, List.of(), Optional.empty(), List.of()));
        }
        Pipeline merged = new Pipeline(
                name,
                stage(pipeline, "preAssemble", own),
                stage(pipeline, "assemble", own).stream().findFirst(),
                stage(pipeline, "encode", own));
        reportUnused(own, port, name);
        return Optional.of(merged);
    }

    private void reportUnused(List<Settings> own, Settings port, String pipeline) {
        for (Settings unused : own) {
            problems.add(Problem.error(
                    unused.origin(),
                    where(port),
                    "<pipelineSettings> has <" + unused.element()
                            + unused.text("name")
                                    .map(each -> " name=\"" + each + "\"")
                                    .orElse("")
                            + ">, but pipeline " + pipeline + " has no such component",
                    "use the element and the name of a component of the pipeline, or leave it out"));
        }
    }

    private static List<Settings> stage(Settings pipeline, String stage, List<Settings> own) {
        List<Settings> merged = new ArrayList<>();
        for (Settings component : pipeline.child(stage).map(Settings::children).orElse(List.of())) {
            Optional<Settings> override = own.stream()
                    .filter(each -> each.element().equals(component.element())
                            && each.text("name", component.text("name", "")).equals(component.text("name", "")))
                    .findFirst();
            override.ifPresent(own::remove);
            merged.add(override.map(each -> overridden(component, each)).orElse(component));
        }
        return merged;
    }

    /** Attributes are overridden one by one, nested properties by their names. Other nested elements of a kind are replaced as a whole. */
    private static Settings overridden(Settings component, Settings override) {
        Map<String, Settings> properties = new LinkedHashMap<>();
        List<Settings> others = new ArrayList<>(component.children());
        others.removeIf(each -> each.has("name"));
        override.children().stream()
                .filter(each -> !each.has("name"))
                .forEach(own -> others.removeIf(each ->
                        component.children().contains(each) && each.element().equals(own.element())));
        override.children().stream().filter(each -> !each.has("name")).forEach(others::add);
        component.children().stream()
                .filter(each -> each.has("name"))
                .forEach(property -> properties.put(property.text("name", ""), property));
        override.children().stream()
                .filter(each -> each.has("name"))
                .forEach(property -> properties.put(property.text("name", ""), property));
        others.addAll(properties.values());
        Map<String, Setting> attributes = new LinkedHashMap<>(component.attributes());
        attributes.putAll(override.attributes());
        return new Settings(
                component.element(), component.origin(), attributes, List.copyOf(others), component.content());
    }

    private Map<String, OutboundMap> maps(Settings port) {
        Map<String, OutboundMap> maps = new LinkedHashMap<>();
        for (Settings map : port.children("map")) {
            Optional<Path> stylesheet = map.path("stylesheet");
            List<Problem> limits = TransformLimits.check(map);
            problems.addAll(limits);
            if (!limits.isEmpty()) {
                continue;
            }
            if (stylesheet.isEmpty() || !Files.isReadable(stylesheet.get())) {
                problems.add(map.problem(
                        "stylesheet",
                        map.text("stylesheet", "") + " does not exist or cannot be read",
                        "expected an XSLT 1.0 file"));
            } else if (maps.putIfAbsent(
                            map.text("messageType", ""), new OutboundMap(stylesheet.get(), TransformLimits.of(map)))
                    != null) {
                problems.add(map.problem(
                        "messageType",
                        map.text("messageType", "") + " already has a map in this port",
                        "remove one of the two, or change its messageType"));
            }
        }
        return maps;
    }

    private RetryRule retry(Settings port, Settings host) {
        Settings retry = inheritedRetry(port, host);
        return rule(retry, holds(retry));
    }

    private static Settings inheritedRetry(Settings port, Settings host) {
        Settings none = Settings.empty("retry", port.origin());
        return port.child("retry").orElse(none).over(host.child("retry").orElse(none));
    }

    private static Settings withRetry(Settings port, Settings host) {
        List<Settings> children = new ArrayList<>(port.children());
        children.removeIf(each -> each.element().equals("retry"));
        children.add(inheritedRetry(port, host));
        return new Settings(port.element(), port.origin(), port.attributes(), children, port.content());
    }

    private boolean holds(Settings retry) {
        String inDoubt = retry.text("inDoubt", "resend");
        if (!Set.of("resend", "hold").contains(inDoubt)) {
            problems.add(retry.problem("inDoubt", "\"" + inDoubt + "\" is not known", "expected resend or hold"));
        }
        return inDoubt.equals("hold");
    }

    private static RetryRule rule(Settings retry, boolean hold) {
        RetryRule standard = RetryRule.DEFAULT;
        return new RetryRule(
                retry.number("count", standard.count()),
                ConfigurationBuilder.duration(retry, "interval", "PT5M"),
                retry.text("backoff")
                        .map(BigDecimal::new)
                        .orElse(BigDecimal.ONE)
                        .doubleValue(),
                retry.text("maxInterval").map(Durations::parse),
                retry.text("maxAge").map(Durations::parse),
                hold);
    }

    static String where(Settings port) {
        return "sendPort " + port.text("name", "");
    }
}
