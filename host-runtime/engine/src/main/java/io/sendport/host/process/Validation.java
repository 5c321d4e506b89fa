package io.sendport.host.process;

import io.sendport.api.component.Stage;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.SettingException;
import io.sendport.api.settings.Settings;
import io.sendport.api.submit.Submitter;
import io.sendport.config.BodyKeySettings;
import io.sendport.config.Configuration;
import io.sendport.config.HostSettings;
import io.sendport.config.SubmissionSettings;
import io.sendport.config.port.BackupTransport;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.Reading;
import io.sendport.host.box.body.BodyKeyException;
import io.sendport.host.box.body.BodyKeys;
import io.sendport.host.camel.HostCamelContext;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.pipeline.Services;
import io.sendport.host.store.OwnerOnly;
import io.sendport.support.Stylesheet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds all problems of a configuration: those that the reader found, and those that only factories of components and adapters can detect.
 * For one configuration and one thread.
 */
public final class Validation {

    private final Extensions extensions;
    /** Fails, because a check must not submit a message. */
    private static final Submitter REFUSING_SUBMITTER = submission -> {
        throw new IllegalStateException("a feed submitted a message during the configuration check");
    };

    private final Set<Problem> problems = new LinkedHashSet<>();
    private final boolean runsComponents;

    /** Validates with the plug-ins and instances of {@code extensions}. Does not create components of plug-ins. */
    public Validation(Extensions extensions) {
        this(extensions, false);
    }

    private Validation(Extensions extensions, boolean runsComponents) {
        this.extensions = extensions;
        this.runsComponents = runsComponents;
    }

    /** Returns a validation that also creates and closes each component of a plug-in, for each port that uses it. */
    public Validation tryingOut() {
        return new Validation(extensions, true);
    }

    /** Returns all problems, in the order of file, line and column. Call this once. */
    public List<Problem> validate(Reading reading) {
        reading.configuration().ifPresent(configuration -> check(configuration, reading));
        problems.removeIf(each -> each.repeats(reading.problems()));
        problems.addAll(reading.problems());
        List<Problem> sorted = new ArrayList<>(reading.masked(List.copyOf(problems)));
        sorted.sort(Comparator.comparing(
                        (Problem problem) -> problem.origin().file().toString())
                .thenComparing(problem -> problem.origin().line())
                .thenComparing(problem -> problem.origin().column()));
        return sorted;
    }

    /**
     * Runs a check, and adds its exception as a problem. If the reader has found errors, ignores other exceptions than those of settings:
     * they come from attributes that the reader has already reported.
     */
    private void runCheck(Origin origin, String where, boolean hasErrors, Runnable action) {
        try {
            action.run();
        } catch (SettingException e) {
            problems.add(e.problem());
        } catch (IllegalArgumentException e) {
            if (!hasErrors) {
                problems.add(Problem.error(origin, where, String.valueOf(e.getMessage()), ""));
            }
        }
    }

    private void check(Configuration configuration, Reading reading) {
        boolean hasErrors = reading.hasErrors();
        try (Catalog catalog = new Catalog(extensions)) {
            catalog.pluginFaults()
                    .forEach(fault -> problems.add(Problem.error(
                            new Origin(extensions.plugins(), 0, 0), "", fault, "remove the plug-in from the folder")));
            for (SendPort port : configuration.ports()) {
                configuration
                        .host(port.host())
                        .ifPresent(host -> runCheck(
                                port.origin(), "sendPort " + port.name(), hasErrors, () -> check(port, host, catalog)));
            }
            configuration.connections().forEach((name, connection) -> {
                boolean isWrongAnyway = reading.problems().stream()
                        .anyMatch(each -> places(connection).contains(each.origin()));
                if (!isWrongAnyway && configuration.ports().stream().noneMatch(port -> uses(port, connection))) {
                    runCheck(
                            connection.origin(),
                            "smtpConnection " + name,
                            hasErrors,
                            () -> checkUnused(connection, catalog));
                }
            });
            configuration.alerts().ifPresent(alerts -> new AlertCheck(configuration, catalog, problems)
                    .check(alerts, (mail, check) -> runCheck(mail.smtp().origin(), "<alerts>", hasErrors, check)));
        } catch (IOException e) {
            problems.add(Problem.error(
                    new Origin(extensions.plugins(), 0, 0), "", "cannot close the plug-ins: " + e.getMessage(), ""));
        }
        configuration.messageBox().bodyKey().ifPresent(this::checkBodyKey);
        for (HostSettings host : configuration.hosts()) {
            checkFeeds(host, configuration);
            host.auditorCertificate().ifPresent(certificate -> checkAuditor(certificate, host));
        }
    }

    /** Whether the port inherits from {@code connection}: attributes of its transports then have the location of the connection. */
    private static boolean uses(SendPort port, Settings connection) {
        Set<Origin> places =
                connection.attributes().values().stream().map(Setting::origin).collect(Collectors.toSet());
        return Stream.of(
                        Stream.of(port.transport()),
                        port.standbys().stream(),
                        port.backup().map(BackupTransport::transport).stream())
                .flatMap(each -> each)
                .flatMap(each -> Stream.concat(Stream.of(each), each.child("smtp").stream()))
                .anyMatch(each ->
                        each.attributes().values().stream().map(Setting::origin).anyMatch(places::contains));
    }

    private static Set<Origin> places(Settings element) {
        return element.attributes().values().stream().map(Setting::origin).collect(Collectors.toSet());
    }

    /** Checks {@code connection}, which no port uses, as if a port used it. */
    private void checkUnused(Settings connection, Catalog catalog) {
        Settings smtp = new Settings(
                "smtp",
                connection.origin(),
                connection.without(Set.of("name")).attributes(),
                connection.children(),
                "");
        problems.addAll(catalog.adapter(smtp).check(smtp, Services.bare("", Clock.systemUTC(), Optional.empty())));
    }

    private void checkBodyKey(BodyKeySettings settings) {
        try {
            BodyKeys.of(Optional.of(settings)).ids();
            OwnerOnly.wideFile(settings.file())
                    .ifPresent(fault -> problems.add(Problem.warning(
                            settings.origin(), "<messageBox> bodyKey", fault, "chmod 600 " + settings.file())));
        } catch (BodyKeyException e) {
            problems.add(
                    Problem.error(
                            settings.origin(),
                            "<messageBox> bodyKey",
                            String.valueOf(e.getMessage()),
                            "correct or restore the file; only if there was none yet, create it with `sendport store new-key`"));
        }
    }

    private void checkAuditor(Path certificate, HostSettings host) {
        try {
            AuditorCopies.encryption().to(certificate);
        } catch (IOException e) {
            problems.add(Problem.error(
                    host.origin(),
                    "host " + host.name() + " <audit> auditorCertificate",
                    String.valueOf(e.getMessage()),
                    "expected a currently valid certificate, PEM or DER"));
        }
    }

    private void check(SendPort port, HostSettings host, Catalog catalog) {
        Services services = Services.bare(host.name(), Clock.systemUTC(), host.identity());
        port.pipeline().preAssemble().forEach(each -> check(each, Stage.PRE_ASSEMBLE, port, catalog, services));
        port.pipeline().assemble().ifPresent(each -> check(each, Stage.ASSEMBLE, port, catalog, services));
        port.pipeline().encode().forEach(each -> check(each, Stage.ENCODE, port, catalog, services));
        port.dkim().ifPresent(each -> problems.addAll(catalog.signer(each).check(each, services)));
        check(port.transport(), catalog, services);
        port.standbys().forEach(standby -> check(standby, catalog, services));
        port.backup().ifPresent(backup -> check(backup.transport(), catalog, services));
        port.maps().values().forEach(map -> {
            try {
                Stylesheet.compile(map.stylesheet());
            } catch (Stylesheet.StylesheetException e) {
                problems.add(Problem.error(
                        port.origin(),
                        "sendPort " + port.name() + " <map>",
                        String.valueOf(e.getMessage()),
                        "expected an XSLT 1.0 file"));
            }
        });
        warn(port);
    }

    private void check(Settings component, Stage stage, SendPort port, Catalog catalog, Services services) {
        List<Problem> found = catalog.check(component, stage, services);
        problems.addAll(found);
        if (runsComponents && found.isEmpty()) {
            catalog.tryOut(component, stage, services)
                    .forEach(each -> problems.add(Problem.error(
                            each.origin(),
                            "sendPort " + port.name() + " " + each.where(),
                            each.message(),
                            each.advice())));
        }
    }

    private void check(Settings transport, Catalog catalog, Services services) {
        if (transport.element().equals("auditRelay") && transport.flag("embedded", false)) {
            transport.child("smtp").ifPresent(hop -> check(hop, catalog, services));
        } else {
            problems.addAll(catalog.adapter(transport).check(transport, services));
        }
    }

    private void warn(SendPort port) {
        List<Settings> protectors = port.pipeline().encode().stream()
                .filter(each -> !each.text("headerProtection", "off").equals("off"))
                .toList();
        boolean hides = protectors.stream()
                .anyMatch(each -> each.text("headerProtection", "").equals("encrypt"));
        boolean couldHide = !hides
                && port.pipeline().encode().stream()
                        .anyMatch(each -> each.element().equals("smime"));
        // A component of a plug-in may encrypt the body, too.
        boolean mayEncrypt = port.pipeline().encode().stream()
                .anyMatch(each -> !each.element().equals("smime") || each.flag("encrypt", false));
        if (mayEncrypt) {
            problems.add(Problem.warning(
                    port.origin(),
                    "sendPort " + port.name(),
                    "these header fields are sent in plain text, even if the body is encrypted: "
                            + readable(port, hides) + (hides ? "; Subject, Comments and Keywords are hidden" : ""),
                    couldHide
                            ? "do not put secrets into these fields; headerProtection=\"encrypt\" hides Subject, Comments and"
                                    + " Keywords"
                            : ""));
        }
        boolean hasBody = !port.mail().children("body").isEmpty();
        if (hasBody && !attaches(port, Set.of("body", "all"))) {
            problems.add(
                    Problem.warning(
                            port.mail().child("body").map(Settings::origin).orElse(port.origin()),
                            "sendPort " + port.name(),
                            "the mail has the text of <body>, and the body of the message is not sent",
                            "to send it too, write <attach parts=\"body\"/> into <mail>, after <body>; if it should not be sent, change nothing"));
        }
    }

    /** Whether the mail has an {@code <attach>} whose {@code parts} is one of {@code parts}. */
    private static boolean attaches(SendPort port, Set<String> parts) {
        return port.mail().children("attach").stream().anyMatch(each -> parts.contains(each.text("parts", "none")));
    }

    private void checkEndpoint(HostCamelContext shell, Settings camel) {
        shell.endpointFault(camel.text("uri", ""))
                .ifPresent(fault ->
                        problems.add(camel.problem("uri", fault, "expected an endpoint that Camel can create")));
    }

    /** The header fields that stay readable for relays and on the network. */
    private static String readable(SendPort port, boolean hidesSubject) {
        List<String> names = new ArrayList<>(List.of("Date", "From", "Subject", "Message-ID"));
        if (hidesSubject) {
            names.remove("Subject");
        }
        port.mail().text("to").ifPresent(given -> names.add(2, "To"));
        port.mail().text("cc").ifPresent(given -> names.add("Cc"));
        port.mail().text("replyTo").ifPresent(given -> names.add("Reply-To"));
        names.addAll(port.mail().children("header").stream()
                .map(each -> each.text("name", ""))
                .toList());
        return String.join(", ", names);
    }

    /** Warns of ports that lose attachments: {@code content="parts"} makes parts of them, and the mail of the port attaches no parts. */
    private void warnOfLostAttachments(HostSettings host, Configuration configuration) {
        List<SubmissionSettings.Mapping> parted = host.submission().stream()
                .flatMap(submission -> submission.mappings().stream())
                .filter(map -> map.content() == SubmissionSettings.Content.PARTS)
                .toList();
        for (SubmissionSettings.Mapping map : parted) {
            configuration.ports().stream()
                    .filter(port -> map.port().isPresent()
                            ? map.port().get().equals(port.name())
                            : port.subscription().isPresent())
                    .filter(port -> port.pipeline().assemble().isEmpty())
                    .filter(port -> !attaches(port, Set.of("all")))
                    .forEach(port -> problems.add(Problem.warning(
                            port.mail().origin(),
                            "sendPort " + port.name(),
                            "the attachments of mails that <submission> takes with content=\"parts\" are not sent",
                            "to send them, add <attach parts=\"all\"/>")));
        }
    }

    private void checkFeeds(HostSettings host, Configuration configuration) {
        warnOfLostAttachments(host, configuration);
        List<Settings> endpoints = configuration.ports().stream()
                .filter(port -> port.host().equals(host.name()))
                .flatMap(port -> Stream.of(
                                port.pipeline().preAssemble().stream(),
                                Stream.of(port.transport()),
                                port.backup().map(BackupTransport::transport).stream())
                        .flatMap(each -> each))
                .filter(each -> each.element().equals("camel"))
                .toList();
        if (host.routes().isEmpty() && endpoints.isEmpty()) {
            return;
        }
        try (HostCamelContext shell = new HostCamelContext(
                host.name(),
                configuration.properties(),
                configuration.destinations(),
                REFUSING_SUBMITTER,
                Clock.systemUTC())) {
            for (Settings each : endpoints) {
                checkEndpoint(shell, each);
            }
            problems.addAll(shell.feedProblems(host.routes()));
        }
    }
}
