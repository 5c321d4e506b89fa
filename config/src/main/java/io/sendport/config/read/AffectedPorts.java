package io.sendport.config.read;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the ports that a problem concerns, from the outermost element that contains it. A problem of a port concerns that port, one of a
 * host all its ports, and one of a shared connection all ports that use it. Any other problem concerns everything.
 */
final class AffectedPorts {

    private static final Comparator<Origin> PLACE =
            Comparator.comparingInt(Origin::line).thenComparingInt(Origin::column);

    private final List<Settings> elements;

    /** Takes the elements directly under {@code <sendport>}, from all files. */
    AffectedPorts(List<Settings> elements) {
        this.elements = elements;
    }

    /** The ports that {@code problems} concern, with the first problem of each; empty when one of the problems concerns everything. */
    Optional<Map<String, String>> of(List<Problem> problems) {
        Map<String, String> ports = new LinkedHashMap<>();
        for (Problem problem : problems) {
            List<String> concerned = element(problem.origin()).map(this::ports).orElse(List.of());
            if (concerned.isEmpty()) {
                return Optional.empty();
            }
            concerned.forEach(port -> ports.putIfAbsent(port, problem.toString()));
        }
        return Optional.of(ports);
    }

    /** The last element that starts at or before that position. */
    private Optional<Settings> element(Origin at) {
        return elements.stream()
                .filter(each -> each.origin().file().equals(at.file()) && PLACE.compare(beginning(each), at) <= 0)
                .max(Comparator.comparing(AffectedPorts::beginning, PLACE));
    }

    /** The position of the first attribute. The position of an element is the end of its start tag. */
    private static Origin beginning(Settings element) {
        return element.attributes().values().stream()
                .map(Setting::origin)
                .filter(each -> each.file().equals(element.origin().file()))
                .min(PLACE)
                .filter(first -> PLACE.compare(first, element.origin()) < 0)
                .orElse(element.origin());
    }

    private List<String> ports(Settings element) {
        String name = element.text("name", "");
        return switch (element.element()) {
            case "sendPort" -> List.of(name);
            case "host" -> portsOf(name);
            case "smtpConnection" -> users(name);
            default -> List.of();
        };
    }

    private List<String> portsOf(String host) {
        return elements.stream()
                .filter(each -> each.element().equals("sendPort")
                        && each.text("host", "").equals(host))
                .map(each -> each.text("name", ""))
                .toList();
    }

    private List<String> users(String connection) {
        List<String> ports = new ArrayList<>();
        for (Settings each : elements) {
            if (uses(each, connection)) {
                if (each.element().equals("alerts")) {
                    // Alerts concern everything.
                    return List.of();
                }
                ports.addAll(
                        each.element().equals("host")
                                ? portsOf(each.text("name", ""))
                                : List.of(each.text("name", "")));
            }
        }
        return ports;
    }

    private static boolean uses(Settings element, String connection) {
        return element.text("connection", "").equals(connection)
                || element.text("nextHop", "").equals(connection)
                || element.children().stream().anyMatch(child -> uses(child, connection));
    }
}
