package io.sendport.config;

import io.sendport.api.settings.Settings;
import io.sendport.config.port.SendPort;
import io.sendport.config.port.SendPortGroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A whole configuration from all its files.
 *
 * @param file the file that was read first
 * @param files all files that were read
 * @param patterns names of included files and of routes; some are patterns that may match files created later
 * @param namedFiles files that placeholders and {@code <properties>} name
 * @param sha256 digest of all files in reading order; identifies the active configuration in the ledger
 * @param messageBox the store
 * @param auditLedger the settings of the audit ledger
 * @param observe the address for metrics and health
 * @param console the settings of the HTTP API; empty when it is not served
 * @param alerts the settings of alerts; empty for none
 * @param promotions the properties that are read from each message when it is submitted
 * @param properties the values of {@code <properties>}, for Camel routes as well
 * @param hosts the hosts
 * @param connections the shared servers by name
 * @param ports the send ports with what they inherit
 * @param groups the send port groups
 */
public record Configuration(
        Path file,
        List<Path> files,
        List<FilePattern> patterns,
        Set<Path> namedFiles,
        String sha256,
        MessageBoxSettings messageBox,
        AuditLedgerSettings auditLedger,
        Optional<Settings> observe,
        Optional<ConsoleSettings> console,
        Optional<AlertSettings> alerts,
        List<Promotion> promotions,
        Map<String, String> properties,
        List<HostSettings> hosts,
        Map<String, Settings> connections,
        List<SendPort> ports,
        List<SendPortGroup> groups) {

    /** This configuration with other ports. */
    public Configuration withPorts(List<SendPort> others) {
        return new Configuration(
                file,
                files,
                patterns,
                namedFiles,
                sha256,
                messageBox,
                auditLedger,
                observe,
                console,
                alerts,
                promotions,
                properties,
                hosts,
                connections,
                others,
                groups);
    }

    /** All names that a message may be submitted to: ports and groups. */
    public Set<String> destinations() {
        return Stream.concat(ports.stream().map(SendPort::name), groups.stream().map(SendPortGroup::name))
                .collect(Collectors.toSet());
    }

    /** The port of that name. */
    public Optional<SendPort> port(String name) {
        return ports.stream().filter(port -> port.name().equals(name)).findFirst();
    }

    /** The host of that name. */
    public Optional<HostSettings> host(String name) {
        return hosts.stream().filter(host -> host.name().equals(name)).findFirst();
    }
}
