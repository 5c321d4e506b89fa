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
 * Which ports a problem concerns: those of the outermost element that it stands in. A problem of a port is its own, one of a host is of
 * all its ports, one of a shared connection of all that use it; any other concerns everything.
 */
final class Blame {

    private static final Comparator<Origin> PLACE =
            Comparator.comparingInt(Origin::line).thenComparingInt(Origin::column);

    private final List<Settings> elements;

    /** Of what stands directly under {@code <sendport>}, in all files. */
    Blame(List<Settings> elements) {
        this.elements = elements;
    }

    /** The ports that {@code problems} concern and the first problem of each; empty when one of them concerns everything. */
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

    /** The last that begins before that place, or there. */
    private Optional<Settings> element(Origin at) {
        return elements.stream()
                .filter(each -> each.origin().file().equals(at.file()) && PLACE.compare(beginning(each), at) <= 0)
                .max(Comparator.comparing(Blame::beginning, PLACE));
    }

    /** Where the first attribute stands: an element is known by the end of its start tag. */
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
