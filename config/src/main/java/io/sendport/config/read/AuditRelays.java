package io.sendport.config.read;

import io.sendport.api.settings.ByteSize;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The checked {@code <auditRelay>} elements of the hosts. An embedded relay with a {@code nextHop} holds that connection as its {@code
 * <smtp>}.
 */
public final class AuditRelays {

    private static final long MAX_SIZE = Integer.MAX_VALUE;
    private static final String SIZE = "1GB";

    /** Attributes of embedded relays only. */
    private static final List<String> EMBEDDED = List.of("archive", "nextHop", "maxMessageSize");

    /** Attributes that an embedded relay must not have, because it chooses its own address and account. */
    private static final List<String> OWN = List.of("host", "port", "tls", "auth", "user", "password", "domain");

    private final SmtpConnections connections;
    private final List<Problem> problems;
    private final Map<String, List<Settings>> byHost = new HashMap<>();
    private final Map<Path, String> archives = new HashMap<>();

    AuditRelays(Map<String, Settings> hosts, SmtpConnections connections, List<Problem> problems) {
        this.connections = connections;
        this.problems = problems;
        hosts.forEach((name, host) -> byHost.put(
                name,
                host.children("auditRelay").stream()
                        .map(relay -> checked(name, relay))
                        .toList()));
    }

    /** The relays of a host, in order of preference; none when ports choose their own transport. */
    List<Settings> of(Settings host) {
        return byHost.getOrDefault(host.text("name", ""), List.of());
    }

    private Settings checked(String host, Settings relay) {
        if (!relay.flag("embedded", false)) {
            if (relay.text("host").isEmpty()) {
                problems.add(relay.problem("host", "is missing", "expected the relay's host, or embedded=\"true\""));
            }
            refuse(relay, EMBEDDED, "is only for an embedded relay", "leave it out, or add embedded=\"true\"");
            return relay;
        }
        refuse(relay, OWN, "is not allowed on an embedded relay", "leave it out, or remove embedded=\"true\"");
        String other = archives.putIfAbsent(archive(relay), host);
        if (other != null) {
            problems.add(relay.problem(
                    "archive",
                    "is " + archive(relay) + ", which a relay of host " + other + " already uses",
                    "give each relay its own folder"));
        }
        try {
            if (relay.bytes("maxMessageSize", 1) > MAX_SIZE) {
                problems.add(relay.problem("maxMessageSize", "is too large", "expected less than 2GB"));
            }
        } catch (IllegalArgumentException e) {
            problems.add(
                    relay.problem("maxMessageSize", String.valueOf(e.getMessage()), "expected a size such as 50MB"));
        }
        return connections
                .namedBy(relay, "nextHop")
                .map(connection -> onward(relay, connection))
                .orElse(relay);
    }

    private void refuse(Settings relay, List<String> attributes, String why, String advice) {
        attributes.stream()
                .filter(relay::has)
                .forEach(attribute -> problems.add(relay.problem(attribute, why, advice)));
    }

    private static Settings onward(Settings relay, Settings connection) {
        List<Settings> children = new ArrayList<>(relay.children());
        children.add(new Settings(
                "smtp", connection.origin(), connection.attributes(), connection.children(), connection.content()));
        return new Settings(relay.element(), relay.origin(), relay.attributes(), children, relay.content());
    }

    /** The folder of an embedded relay. */
    public static Path archive(Settings relay) {
        return relay.path("archive").orElse(relay.origin().folder().resolve("var/relay"));
    }

    /** The largest mail that an embedded relay accepts, in bytes. */
    public static int maxMessageSize(Settings relay) {
        return Math.toIntExact(relay.bytes("maxMessageSize", ByteSize.parse(SIZE)));
    }
}
