package io.sendport.config.read;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.config.AuditLedgerSettings;
import io.sendport.config.ConsoleSettings;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Promotion;
import io.sendport.config.Routing;
import io.sendport.config.port.PortLimits;
import io.sendport.config.port.PortState;
import io.sendport.config.port.SendPortGroup;
import io.sendport.config.port.Subscription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds a {@link Routing} from trees that were read unresolved, and resolves only what it needs. */
final class RoutingBuilder {

    private static final Set<String> KEY_PASSWORDS = Set.of("checkpointKeyPassword", "bodyKeyPassword");

    private static final Set<String> PORT = Set.of("name", "host", "application", "initialState", "ordered");

    private final List<Settings> roots;
    private final Placeholders placeholders;
    private final List<Problem> problems;

    RoutingBuilder(List<Settings> roots, Placeholders placeholders, List<Problem> problems) {
        this.roots = roots;
        this.placeholders = placeholders;
        this.problems = problems;
    }

    Routing build(Origin origin) {
        Settings box = first("messageBox", origin);
        Settings ledger = first("auditLedger", origin);
        Optional<MessageBoxSettings> messageBox = ConfigurationBuilder.messageBox(box, problems);
        Map<String, Routing.Port> ports = new LinkedHashMap<>();
        all("sendPort").forEach(raw -> port(raw).ifPresent(port -> ports.put(port.name(), port)));
        List<Promotion> promotions = all("promote")
                .flatMap(raw ->
                        ConfigurationBuilder.promotion(Resolved.attributes(raw, placeholders, problems), problems))
                .toList();
        AuditLedgerSettings auditLedger = LedgerBuilder.auditLedger(ledger, problems);
        Map<String, SendPortGroup> groups = new LinkedHashMap<>();
        all("sendPortGroup")
                .map(raw ->
                        SendPortGroup.of(Resolved.attributes(raw, placeholders, problems), ports.keySet(), problems))
                .forEach(group -> groups.put(group.name(), group));
        MessageBoxSettings whole = messageBox.orElseGet(() -> ConfigurationBuilder.defaultBox(origin));
        return new Routing(whole, auditLedger, ports, groups, promotions, consoleUrl(), tokens(whole));
    }

    private Optional<String> consoleUrl() {
        return all("console").findFirst().map(raw -> {
            Settings console = Resolved.attributes(
                    new Settings(raw.element(), raw.origin(), raw.attributes(), List.of(), ""), placeholders, problems);
            return ConsoleSettings.url(
                    console.text("address", "127.0.0.1"),
                    console.text("port").map(Integer::valueOf).orElse(ConsoleSettings.STANDARD_PORT),
                    raw.child("tls").isPresent(),
                    ConsoleBuilder.hostNames(console));
        });
    }

    private Path tokens(MessageBoxSettings box) {
        return all("console")
                .flatMap(console -> console.children("tokens").stream())
                .findFirst()
                .map(raw -> Resolved.attributes(raw, placeholders, problems))
                .flatMap(tokens -> tokens.path("file"))
                .orElseGet(() -> ConsoleSettings.standardTokens(box.place()));
    }

    private Stream<Settings> all(String element) {
        return roots.stream().flatMap(root -> root.children(element).stream());
    }

    private Settings first(String element, Origin origin) {
        Settings raw = all(element).findFirst().orElse(Settings.empty(element, origin));
        // Only some commands need the password of a key, and only when the key has one.
        List<Problem> unresolved = new ArrayList<>();
        Settings whole = Resolved.attributes(raw, placeholders, unresolved);
        return unresolved.isEmpty() ? whole : Resolved.attributes(raw.without(KEY_PASSWORDS), placeholders, problems);
    }

    private Optional<Routing.Port> port(Settings raw) {
        Set<String> others = raw.attributes().keySet().stream()
                .filter(name -> !PORT.contains(name))
                .collect(Collectors.toSet());
        List<Settings> needed = new ArrayList<>(raw.children("limits"));
        needed.addAll(raw.children("retention"));
        needed.addAll(raw.children("subscribe"));
        needed.addAll(raw.children("expect"));
        needed.addAll(raw.children("serviceWindow"));
        needed.addAll(raw.children("dynamic"));
        Settings flat =
                new Settings(raw.element(), raw.origin(), raw.without(others).attributes(), List.copyOf(needed), "");
        Settings port = Resolved.attributes(flat, placeholders, problems);
        try {
            return Optional.of(new Routing.Port(
                    port.text("name", ""),
                    port.text("host", ""),
                    port.text("application", ""),
                    PortState.of(port.text("initialState", "started")),
                    PortLimits.of(port),
                    RetentionBuilder.of(port),
                    Subscription.of(port, problems),
                    PortBuilder.domains(port, problems),
                    port.flag("ordered", false),
                    ScheduleBuilder.expectation(port, ScheduleBuilder.windows(port, problems), problems)));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            problems.add(Problem.error(
                    port.origin(), "sendPort " + port.text("name", ""), String.valueOf(e.getMessage()), ""));
            return Optional.empty();
        }
    }
}
