package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.config.port.Expectation;
import io.sendport.config.port.Rate;
import io.sendport.config.port.Schedule;
import io.sendport.config.port.ServiceWindow;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads when and how a port sends: service windows, rate limits, priority and order. */
final class ScheduleBuilder {

    private final List<Settings> owners;
    private final List<Problem> problems;

    /**
     * @param owners outermost elements that may contain a rate
     */
    ScheduleBuilder(List<Settings> owners, List<Problem> problems) {
        this.owners = owners;
        this.problems = problems;
    }

    /** The schedule of a port. */
    Schedule schedule(Settings port) {
        List<ServiceWindow> windows = windows(port, problems);
        List<Rate> rates = rates(port);
        boolean ordered = port.flag("ordered", false);
        if (port.flag("stopOnFailure", false) && !ordered) {
            problems.add(port.problem(
                    "stopOnFailure",
                    "has no effect without ordered=\"true\"",
                    "add ordered=\"true\", or leave stopOnFailure out"));
        }
        return new Schedule(
                windows,
                rates,
                port.number("priority", 5),
                ordered,
                port.flag("stopOnFailure", false),
                expectation(port, windows, problems));
    }

    /** {@code <expect>} of a port, with defaults for absent attributes. */
    static Expectation expectation(Settings port, List<ServiceWindow> windows, List<Problem> problems) {
        Settings given = port.child("expect").orElse(Settings.empty("expect", port.origin()));
        Duration within = positive(given, "within", Expectation.DEFAULT.within(), problems);
        Duration per = positive(given, "per", Expectation.DEFAULT.per(), problems);
        if (given.has("per") && !given.has("atLeast")) {
            problems.add(given.problem(
                    "per", "has no effect without atLeast", "add atLeast=\"1\" or more, or leave per out"));
        }
        return new Expectation(within, given.number("atLeast", 0), per, windows);
    }

    private static Duration positive(Settings given, String name, Duration otherwise, List<Problem> problems) {
        Duration duration = ConfigurationBuilder.duration(given, name, otherwise.toString());
        if (duration.isZero() || duration.isNegative()) {
            problems.add(given.problem(name, "is not positive", "expected a duration such as PT15M"));
            return otherwise;
        }
        return duration;
    }

    /** The service windows of a port; omits those that are not valid. */
    static List<ServiceWindow> windows(Settings port, List<Problem> problems) {
        List<ServiceWindow> windows = new ArrayList<>();
        for (Settings each : port.children("serviceWindow")) {
            window(each, problems).ifPresent(windows::add);
        }
        return windows;
    }

    /** The rate limits of a port or a server; omits those that are not valid. */
    List<Rate> rates(Settings limited) {
        List<Rate> rates = new ArrayList<>();
        for (Settings each : limited.children("rate")) {
            Duration per = ConfigurationBuilder.duration(each, "per", "PT1M");
            if (per.isZero() || per.isNegative()) {
                problems.add(each.problem("per", "is not positive", "expected a duration such as PT1M"));
                continue;
            }
            int messages = each.number("messages", 0);
            // The schema has already reported a number of messages that is not positive.
            if (messages > 0) {
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

    private static Optional<ServiceWindow> window(Settings window, List<Problem> problems) {
        Optional<Set<DayOfWeek>> days =
                value(window, "days", ServiceWindow::days, "expected days such as mon-fri or sat, sun", problems);
        Optional<LocalTime> from = value(window, "from", ServiceWindow::time, "expected HH:MM", problems);
        Optional<LocalTime> to = value(window, "to", ServiceWindow::time, "expected HH:MM", problems);
        Optional<ZoneId> zone = value(
                window,
                "zone",
                text -> text.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(text),
                "expected a time zone such as Europe/Paris",
                problems);
        return days.isEmpty() || from.isEmpty() || to.isEmpty() || zone.isEmpty()
                ? Optional.empty()
                : Optional.of(new ServiceWindow(days.get(), from.get(), to.get(), zone.get()));
    }

    /** Reads each value separately, so that all problems are reported. */
    private static <T> Optional<T> value(
            Settings window, String name, Function<String, T> parser, String expected, List<Problem> problems) {
        try {
            return Optional.of(parser.apply(window.text(name, "")));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            problems.add(window.problem(name, String.valueOf(e.getMessage()), expected));
            return Optional.empty();
        }
    }
}
