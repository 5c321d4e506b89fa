package io.sendport.host.process;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.config.AlertSettings;
import io.sendport.config.Configuration;
import io.sendport.config.port.BackupTransport;
import io.sendport.config.port.SendPort;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.Services;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Checks the mail servers of alerts. Warns if a port sends through the same server, because an alert about that server could then not
 * be sent.
 */
final class AlertCheck {

    private final Configuration configuration;
    private final Catalog catalog;
    private final Collection<Problem> problems;

    AlertCheck(Configuration configuration, Catalog catalog, Collection<Problem> problems) {
        this.configuration = configuration;
        this.catalog = catalog;
        this.problems = problems;
    }

    /**
     * Checks {@code alerts} and adds the problems that it finds.
     *
     * @param runCheck receives each mail channel with its check, and runs that check
     */
    void check(AlertSettings alerts, BiConsumer<AlertSettings.Mail, Runnable> runCheck) {
        alerts.mails().forEach(each -> runCheck.accept(each, () -> check(each)));
    }

    private void check(AlertSettings.Mail mail) {
        Settings smtp = mail.smtp();
        Services services = Services.bare("alerts", Clock.systemUTC(), Optional.empty());
        problems.addAll(catalog.adapter(smtp).check(smtp, services));
        configuration.ports().stream()
                .filter(port -> transports(port).anyMatch(each -> isSameServer(each, smtp)))
                .findFirst()
                .ifPresent(port -> problems.add(Problem.warning(
                        smtp.originOf("host"),
                        "<alerts> <mail>",
                        "port " + port.name()
                                + " sends through the same server, so this <mail> sends no alerts while that server is down",
                        "use another server, or add a <webhook> or <heartbeat>")));
    }

    private static Stream<Settings> transports(SendPort port) {
        return Stream.of(
                        Stream.of(port.transport()),
                        port.standbys().stream(),
                        port.backup().map(BackupTransport::transport).stream())
                .flatMap(each -> each)
                .flatMap(each -> Stream.concat(Stream.of(each), each.child("smtp").stream()));
    }

    private static boolean isSameServer(Settings one, Settings other) {
        return one.text("host", "").equalsIgnoreCase(other.text("host", ""))
                && tcpPort(one).equals(tcpPort(other));
    }

    /** The TCP port, with the same default as in the SMTP adapter. */
    private static String tcpPort(Settings smtp) {
        return smtp.text("port").orElseGet(() -> switch (smtp.text("tls", "required")) {
            case "implicit" -> "465";
            case "required" -> "587";
            default -> "25";
        });
    }
}
