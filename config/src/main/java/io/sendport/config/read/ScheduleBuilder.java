package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.config.port.Rate;
import io.sendport.config.port.Schedule;
import io.sendport.config.port.ServiceWindow;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads when a port's messages have their turn: windows, rates, priority, order. */
final class ScheduleBuilder {

    private final List<Settings> owners;
    private final List<Problem> problems;

    /** @param owners outermost elements in which a rate may stand */
    ScheduleBuilder(List<Settings> owners, List<Problem> problems) {
        this.owners = owners;
        this.problems = problems;
    }

    /** What a port says. */
    Schedule schedule(Settings port) {
        List<ServiceWindow> windows = new ArrayList<>();
        for (Settings each : port.children("serviceWindow")) {
            window(each).ifPresent(windows::add);
        }
        List<Rate> rates = rates(port);
        boolean ordered = port.flag("ordered", false);
        if (port.flag("stopOnFailure", false) && !ordered) {
            problems.add(port.problem(
                    "stopOnFailure", "says nothing where order does not matter", "expected ordered=\"true\""));
        }
        return new Schedule(windows, rates, port.number("priority", 5), ordered, port.flag("stopOnFailure", false));
    }

    /** Each {@code <rate>} of a port or a server. */
    List<Rate> rates(Settings limited) {
        List<Rate> rates = new ArrayList<>();
        for (Settings each : limited.children("rate")) {
            Duration per = ConfigurationBuilder.duration(each, "per", "PT1M");
            if (per.isZero() || per.isNegative() || each.number("messages", 0) < 1) {
                problems.add(each.problem("per", "is no time at all", "expected one such as PT1M"));
            } else {
                int messages = each.number("messages", 1);
                String name = String.join("/", owner(each), limited.element(), messages + " per " + per);
                rates.add(new Rate(messages, per, name));
            }
        }
        return rates;
    }

    private String owner(Settings rate) {
        return owners.stream()
                .filter(each -> holds(each, rate))
                .findFirst()
                .map(each -> each.element() + " " + each.text("name", ""))
                .orElse("");
    }

    private static boolean holds(Settings element, Settings wanted) {
        return element.children().stream()
                .anyMatch(child -> child.origin().equals(wanted.origin()) || holds(child, wanted));
    }

    private Optional<ServiceWindow> window(Settings window) {
        String tried = "days";
        try {
            var days = ServiceWindow.days(window.text("days", ""));
            tried = "from";
            var from = ServiceWindow.time(window.text("from", ""));
            tried = "to";
            var to = ServiceWindow.time(window.text("to", ""));
            tried = "zone";
            ZoneId zone = window.text("zone").map(ZoneId::of).orElseGet(ZoneId::systemDefault);
            return Optional.of(new ServiceWindow(days, from, to, zone));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            String expected =
                    switch (tried) {
                        case "days" -> "expected days such as mon-fri or sat, sun";
                        case "zone" -> "expected a time zone such as Europe/Paris";
                        default -> "expected HH:MM";
                    };
            problems.add(window.problem(tried, String.valueOf(e.getMessage()), expected));
            return Optional.empty();
        }
    }
}
