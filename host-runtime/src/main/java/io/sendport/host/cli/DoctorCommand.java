package io.sendport.host.cli;

import io.sendport.api.adapter.Finding;
import io.sendport.api.adapter.Visit;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Mailbox;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationException;
import io.sendport.config.HostSettings;
import io.sendport.config.Reading;
import io.sendport.config.SendPort;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.PluginFolder;
import io.sendport.host.pipeline.Services;
import io.sendport.host.store.OwnerOnly;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport doctor}. */
@Command(
        name = "doctor",
        description =
                "Looks at the way to a server, from its name to its answer to RCPT, and says what to do. Sends no message.",
        footer = {
            "",
            "Examples:",
            "  sendport doctor -c config/sendport.xml --port Invoices",
            "  sendport doctor --server mail.corp.example:587 --save-certificates server.pem"
        })
final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private Setup setup = new Setup();

    @Option(names = "--port", paramLabel = "NAME", description = "Only this send port.")
    private @Nullable String port;

    @Option(names = "--server", paramLabel = "HOST[:PORT]", description = "This server, without any configuration.")
    private @Nullable String server;

    @Option(
            names = "--save-certificates",
            paramLabel = "FILE",
            description = "Writes the server's certificates as PEM.")
    private @Nullable Path certificates;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** A server to look at. */
    private record Target(String name, Settings transport, Services services, Visit visit) {}

    @Override
    public Integer call() throws Exception {
        boolean good = true;
        try (Catalog catalog = new Catalog(new PluginFolder(Setup.plugins()))) {
            for (Target target : server == null ? configured() : List.of(named(server))) {
                List<Finding> findings = catalog.adapter(target.transport())
                        .diagnose(target.transport(), target.services(), target.visit());
                tell(target.name(), findings);
                good &= findings.stream().noneMatch(each -> each.level() == Finding.Level.FAIL);
            }
        }
        return good ? ExitStatus.DONE : ExitStatus.WRONG;
    }

    private List<Target> configured() {
        Reading reading = setup.read();
        Configuration configuration =
                reading.configuration().orElseThrow(() -> new ConfigurationException(reading.problems()));
        tell("message box", List.of(folder(configuration.messageBox().folder())));
        List<Target> targets = new ArrayList<>();
        for (SendPort each : configuration.ports()) {
            if (port == null || each.name().equals(port)) {
                HostSettings host = configuration.host(each.host()).orElseThrow();
                Services services = Services.bare(host.name(), Clock.systemUTC(), host.identity());
                Visit visit = new Visit(address(each, "from"), address(each, "to"), Optional.ofNullable(certificates));
                Stream.concat(Stream.of(each.transport()), each.standbys().stream())
                        .filter(transport -> !transport.flag("embedded", false))
                        .forEach(transport ->
                                targets.add(new Target("port " + each.name(), transport, services, visit)));
                each.backup()
                        .ifPresent(backup -> targets.add(
                                new Target("backup of port " + each.name(), backup.transport(), services, visit)));
            }
        }
        if (targets.isEmpty()) {
            throw new UsageException(
                    port == null
                            ? "no port connects to a server"
                            : "there is no port \"" + port + "\" that connects to a server");
        }
        return targets;
    }

    /** The first address, where it is one and no macro. */
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

    private Target named(String text) {
        int colon = text.lastIndexOf(':');
        boolean numbered = colon > 0 && text.indexOf(':') == colon;
        String number = numbered ? text.substring(colon + 1) : "587";
        if (!number.matches("\\d{1,5}")) {
            throw new UsageException("\"" + text + "\" is no server; expected HOST or HOST:PORT");
        }
        Origin origin = new Origin(Path.of("--server"), 1, 1);
        Map<String, Setting> attributes = new LinkedHashMap<>();
        attributes.put("host", Setting.plain(numbered ? text.substring(0, colon) : text, origin));
        attributes.put("port", Setting.plain(number, origin));
        String tls = number.equals("465") ? "implicit" : number.equals("587") ? "required" : "opportunistic";
        attributes.put("tls", Setting.plain(tls, origin));
        return new Target(
                "server " + text,
                new Settings("smtp", origin, attributes, List.of(), ""),
                Services.bare("doctor", Clock.systemUTC(), Optional.empty()),
                new Visit(Optional.empty(), Optional.empty(), Optional.ofNullable(certificates)));
    }

    private static Finding folder(Path folder) {
        return OwnerOnly.wideMode(folder)
                .map(fault -> Finding.warn("folder", fault, ""))
                .orElseGet(() -> Finding.ok(
                        "folder", folder + (Files.isDirectory(folder) ? " is closed to others" : " is not there yet")));
    }

    private void tell(String target, List<Finding> findings) {
        PrintWriter out = spec.commandLine().getOut();
        if (!setup.json()) {
            out.println(target);
        }
        for (Finding each : findings) {
            if (setup.json()) {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("severity", each.level().name());
                map.put("where", target + ", " + each.check());
                map.put("message", each.result());
                map.put("advice", each.advice().isEmpty() ? null : each.advice());
                out.println(Output.json(map));
            } else {
                out.println(String.format("  %-4s  %-12s  %s", each.level(), each.check(), each.result()));
                if (!each.advice().isEmpty()) {
                    out.println(" ".repeat(22) + "-> " + each.advice());
                }
            }
        }
        out.flush();
    }
}
