package io.sendport.host.operate.check;

import io.sendport.api.adapter.Finding;
import io.sendport.api.adapter.Visit;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.Configuration;
import io.sendport.config.HostSettings;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.ConfigurationException;
import io.sendport.config.read.Reading;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.pipeline.Services;
import io.sendport.host.store.OwnerOnly;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Checks connections to servers, from the lookup of the name to the reply to RCPT. Also checks the published keys of signatures. Sends no
 * message.
 */
public final class Diagnosis {

    private static final Set<String> IDENTITY_METHODS = Set.of("ntlm", "gssapi");

    private final Extensions extensions;
    private final Optional<Path> certificates;
    private final Optional<String> nameServer;
    private final Clock clock;

    /**
     * Checks with the plug-ins of {@code extensions}.
     *
     * @param certificates the file to which to write the certificates of the server; empty to write none
     */
    public Diagnosis(Extensions extensions, Optional<Path> certificates, Clock clock) {
        this(extensions, certificates, Optional.empty(), clock);
    }

    private Diagnosis(Extensions extensions, Optional<Path> certificates, Optional<String> nameServer, Clock clock) {
        this.extensions = extensions;
        this.certificates = certificates;
        this.nameServer = nameServer;
        this.clock = clock;
    }

    /**
     * Returns the same checks, with another DNS server for the lookup of published keys.
     *
     * @param server {@code HOST} or {@code HOST:PORT}; empty for the DNS servers of this machine
     */
    public Diagnosis asking(Optional<String> server) {
        return new Diagnosis(extensions, certificates, server, clock);
    }

    /** A check, with the name of what it checks. */
    private record Target(String name, Check check) {}

    @FunctionalInterface
    private interface Check {
        void run(Catalog catalog, Consumer<Finding> to);
    }

    /**
     * Checks the folder of the message box and the servers of a configuration.
     *
     * @param port the only port to check; empty for all ports
     * @param to receives the name of what was checked and each finding, as soon as it is known
     * @return whether no check failed
     * @throws ConfigurationException when there is no usable configuration
     * @throws RefusedException when no port connects to a server, or {@code port} does not exist
     * @throws Exception when the plug-ins cannot be closed
     */
    public boolean checkConfiguration(Reading reading, Optional<String> port, BiConsumer<String, Finding> to)
            throws Exception {
        Configuration configuration =
                reading.configuration().orElseThrow(() -> new ConfigurationException(reading.problems()));
        to.accept("message box", checkFolder(configuration.messageBox().folder()));
        Set<Settings> nextHops = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Target> targets = configuration.ports().stream()
                .filter(each -> port.isEmpty() || each.name().equals(port.get()))
                .flatMap(each -> targets(each, configuration, reading.problems(), nextHops).stream())
                .toList();
        if (targets.isEmpty()) {
            throw RefusedException.notFound(port.map(name -> nothingToCheck(name, configuration))
                    .orElse("no port connects to a server, so there is nothing to check"));
        }
        return diagnose(targets, to);
    }

    private static String nothingToCheck(String port, Configuration configuration) {
        List<String> names =
                configuration.ports().stream().map(SendPort::name).sorted().toList();
        return names.contains(port)
                ? "port \"" + port + "\" does not connect to a server, so there is nothing to check"
                : "unknown port \"" + port + "\"; expected one of " + names;
    }

    /**
     * Checks one SMTP server, without a configuration.
     *
     * @param server {@code HOST} or {@code HOST:PORT}
     * @param to receives the name of the server and each finding, as soon as it is known
     * @return whether no check failed
     * @throws RefusedException when {@code server} is malformed
     * @throws Exception when the plug-ins cannot be closed
     */
    public boolean checkServer(String server, BiConsumer<String, Finding> to) throws Exception {
        return diagnose(List.of(target(server)), to);
    }

    private boolean diagnose(List<Target> targets, BiConsumer<String, Finding> to) throws Exception {
        AtomicBoolean good = new AtomicBoolean(true);
        try (Catalog catalog = new Catalog(extensions)) {
            for (Target target : targets) {
                target.check().run(catalog, finding -> {
                    to.accept(target.name(), finding);
                    if (finding.level() == Finding.Level.FAIL) {
                        good.set(false);
                    }
                });
            }
        }
        return good.get();
    }

    /** The checks for a port. {@code nextHops} has the next hops that already have a check, because the ports of a host share one. */
    private List<Target> targets(
            SendPort port, Configuration configuration, List<Problem> problems, Set<Settings> nextHops) {
        HostSettings host = configuration.host(port.host()).orElseThrow();
        Services services = Services.bare(host.name(), clock, host.identity());
        Visit visit = new Visit(address(port, "from"), address(port, "to"), certificates);
        List<Target> targets = new ArrayList<>();
        Stream.concat(Stream.of(port.transport()), port.standbys().stream())
                .filter(transport -> !transport.flag("embedded", false))
                .forEach(transport ->
                        targets.add(serverTarget("port " + port.name(), transport, services, visit, problems)));
        port.transport()
                .child("smtp")
                .filter(hop -> port.transport().flag("embedded", false) && nextHops.add(hop))
                .ifPresent(hop ->
                        targets.add(serverTarget("next hop of host " + host.name(), hop, services, visit, problems)));
        port.backup()
                .ifPresent(backup -> targets.add(
                        serverTarget("backup of port " + port.name(), backup.transport(), services, visit, problems)));
        port.dkim()
                .ifPresent(dkim -> targets.add(new Target("port " + port.name(), (catalog, to) -> catalog.signer(dkim)
                        .diagnose(dkim, services, nameServer, to))));
        return targets;
    }

    /**
     * The check of a server. If its settings have errors, reports only the errors and does not connect. A value may then be the text of a
     * placeholder, which must not be sent to a server as a password.
     */
    private static Target serverTarget(
            String name, Settings transport, Services services, Visit visit, List<Problem> problems) {
        boolean logsOnAsIdentity = IDENTITY_METHODS.contains(transport.text("auth", ""));
        List<Problem> own = problems.stream()
                .filter(Problem::isError)
                .filter(each -> isOf(transport, each)
                        || (logsOnAsIdentity && each.where().startsWith("<identity>")))
                .toList();
        return new Target(
                name,
                own.isEmpty()
                        ? (catalog, to) -> catalog.adapter(transport).diagnose(transport, services, visit, to)
                        : (catalog, to) -> own.forEach(each -> to.accept(Finding.fail(
                                "settings",
                                each.toString(),
                                "correct this and run doctor again; nothing was sent to the server"))));
    }

    private static boolean isOf(Settings element, Problem problem) {
        return element.attributes().values().stream()
                        .anyMatch(each -> each.origin().equals(problem.origin()))
                || element.children().stream().anyMatch(each -> isOf(each, problem));
    }

    /** The first address of the attribute; empty if the attribute has a macro or is malformed. */
    private static Optional<MailAddress> address(SendPort port, String attribute) {
        try {
            return port.mail()
                    .text(attribute)
                    .filter(text -> !text.contains("%"))
                    .flatMap(text -> Mailbox.parseList(text).stream()
                            .map(Mailbox::address)
                            .findFirst());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Target target(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && text.indexOf(':') == colon;
        String tcpPort = hasPort ? text.substring(colon + 1) : "587";
        if (!tcpPort.matches("\\d{1,5}")) {
            throw RefusedException.invalid("\"" + text + "\" is not a server; expected HOST or HOST:PORT");
        }
        Origin origin = new Origin(Path.of("--server"), 1, 1);
        Map<String, Setting> attributes = new LinkedHashMap<>();
        attributes.put("host", Setting.plain(hasPort ? text.substring(0, colon) : text, origin));
        attributes.put("port", Setting.plain(tcpPort, origin));
        String tls = tcpPort.equals("465") ? "implicit" : tcpPort.equals("587") ? "required" : "opportunistic";
        attributes.put("tls", Setting.plain(tls, origin));
        return serverTarget(
                "server " + text,
                new Settings("smtp", origin, attributes, List.of(), ""),
                Services.bare("doctor", clock, Optional.empty()),
                new Visit(Optional.empty(), Optional.empty(), certificates),
                List.of());
    }

    private static Finding checkFolder(Path folder) {
        return OwnerOnly.wideMode(folder)
                .map(fault -> Finding.warn("folder", fault, ""))
                .orElseGet(() -> Finding.ok(
                        "folder",
                        folder
                                + (Files.isDirectory(folder)
                                        ? " is accessible only to its owner"
                                        : " does not exist yet")));
    }
}
