package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The {@code <smtpConnection>} elements by name, and the inheritance of {@code <smtp>} from its connection and its host. */
final class SmtpConnections {

    /** Attributes that are inherited only together with {@code auth}. */
    private static final Set<String> CREDENTIALS = Set.of("user", "password", "domain");
    /** Attributes that a port with its own server still inherits from its host. */
    private static final Set<String> OF_ANY_SERVER = Set.of(
            "ehlo",
            "maxConnections",
            "messagesPerConnection",
            "idleTimeout",
            "maxAge",
            "maxRecipients",
            "connectTimeout",
            "readTimeout",
            "writeTimeout",
            "finalReplyTimeout",
            "trustStore",
            "trustStorePassword");

    private final Map<String, Settings> byName = new LinkedHashMap<>();
    private final List<Problem> problems;

    /** Translates connection strings and adds their problems to {@code problems}. */
    SmtpConnections(Map<String, Settings> byName, List<Problem> problems) {
        this.problems = problems;
        byName.forEach((name, connection) -> this.byName.put(name, SsisConnection.resolved(connection, problems)));
    }

    /** A copy of all connections by name. */
    Map<String, Settings> byName() {
        return Map.copyOf(byName);
    }

    /** The connections in the order in which they are written. */
    Collection<Settings> all() {
        return byName.values();
    }

    /** The connection that {@code element} names in {@code attribute}. Empty when it names none, or an unknown one, which is a problem. */
    Optional<Settings> namedBy(Settings element, String attribute) {
        return element.text(attribute).flatMap(name -> {
            Optional<Settings> connection = Optional.ofNullable(byName.get(name));
            if (connection.isEmpty()) {
                Problem problem = element.problem(
                        attribute,
                        "smtpConnection \"" + name + "\" does not exist",
                        byName.isEmpty()
                                ? "the configuration has no smtpConnection"
                                : "expected one of " + byName.keySet());
                if (!problems.contains(problem)) {
                    problems.add(problem);
                }
            }
            return connection;
        });
    }

    /** The settings of {@code own}, over those of its connection, over those of the host. */
    Settings inherited(Settings own, Settings host) {
        Settings base = connected(host.child("smtp").orElse(Settings.empty("smtp", own.origin())));
        Settings mine = connected(own);
        if (mine.has("host")) {
            // For another server, the port inherits nothing that belongs to the host's server, least of all its
            // secrets.
            Set<String> others = base.attributes().keySet().stream()
                    .filter(name -> !OF_ANY_SERVER.contains(name))
                    .collect(Collectors.toSet());
            return mine.over(new Settings(
                    base.element(), base.origin(), base.without(others).attributes(), List.of(), ""));
        }
        return mine.over(ofAccount(mine, base));
    }

    /** The settings of {@code smtp}, over those of the connection that it names. */
    private Settings connected(Settings smtp) {
        return namedBy(smtp, "connection")
                .map(connection -> smtp.over(ofAccount(smtp, connection)))
                .orElse(smtp);
    }

    /** {@code base} without the attributes of its account, when {@code own} has another account. */
    private static Settings ofAccount(Settings own, Settings base) {
        return own.has("auth") ? SsisConnection.withoutConsent(own, base).without(CREDENTIALS) : base;
    }
}
