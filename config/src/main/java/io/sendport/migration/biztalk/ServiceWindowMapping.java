package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Maps service windows. Their times are UTC or have an offset: the offset that the operators had on the day when they set the window. A
 * window that spans a whole day reveals the offset, because it starts at midnight of the operators.
 */
final class ServiceWindowMapping {

    private static final Map<String, String> OF_WINDOWS = Map.ofEntries(
            Map.entry("GMT Standard Time", "Europe/London"),
            Map.entry("W. Europe Standard Time", "Europe/Berlin"),
            Map.entry("Romance Standard Time", "Europe/Paris"),
            Map.entry("Central Europe Standard Time", "Europe/Budapest"),
            Map.entry("Central European Standard Time", "Europe/Warsaw"),
            Map.entry("E. Europe Standard Time", "Europe/Chisinau"),
            Map.entry("FLE Standard Time", "Europe/Kiev"),
            Map.entry("GTB Standard Time", "Europe/Bucharest"),
            Map.entry("Russian Standard Time", "Europe/Moscow"),
            Map.entry("Turkey Standard Time", "Europe/Istanbul"),
            Map.entry("Greenwich Standard Time", "Atlantic/Reykjavik"),
            Map.entry("Eastern Standard Time", "America/New_York"),
            Map.entry("Central Standard Time", "America/Chicago"),
            Map.entry("Mountain Standard Time", "America/Denver"),
            Map.entry("US Mountain Standard Time", "America/Phoenix"),
            Map.entry("Pacific Standard Time", "America/Los_Angeles"),
            Map.entry("Alaskan Standard Time", "America/Anchorage"),
            Map.entry("Hawaiian Standard Time", "Pacific/Honolulu"),
            Map.entry("Atlantic Standard Time", "America/Halifax"),
            Map.entry("Newfoundland Standard Time", "America/St_Johns"),
            Map.entry("Canada Central Standard Time", "America/Regina"),
            Map.entry("Central Standard Time (Mexico)", "America/Mexico_City"),
            Map.entry("SA Pacific Standard Time", "America/Bogota"),
            Map.entry("Argentina Standard Time", "America/Buenos_Aires"),
            Map.entry("E. South America Standard Time", "America/Sao_Paulo"),
            Map.entry("South Africa Standard Time", "Africa/Johannesburg"),
            Map.entry("Egypt Standard Time", "Africa/Cairo"),
            Map.entry("Israel Standard Time", "Asia/Jerusalem"),
            Map.entry("Arab Standard Time", "Asia/Riyadh"),
            Map.entry("Arabian Standard Time", "Asia/Dubai"),
            Map.entry("India Standard Time", "Asia/Calcutta"),
            Map.entry("SE Asia Standard Time", "Asia/Bangkok"),
            Map.entry("China Standard Time", "Asia/Shanghai"),
            Map.entry("Singapore Standard Time", "Asia/Singapore"),
            Map.entry("Taipei Standard Time", "Asia/Taipei"),
            Map.entry("Korea Standard Time", "Asia/Seoul"),
            Map.entry("Tokyo Standard Time", "Asia/Tokyo"),
            Map.entry("W. Australia Standard Time", "Australia/Perth"),
            Map.entry("AUS Eastern Standard Time", "Australia/Sydney"),
            Map.entry("New Zealand Standard Time", "Pacific/Auckland"));

    private ServiceWindowMapping() {}

    /**
     * A window for the configuration.
     *
     * @param from when it starts
     * @param to when it ends
     * @param zone its time zone
     * @param isSure whether the mapping needed no assumption
     * @param why how the times were determined
     */
    record Window(LocalTime from, LocalTime to, String zone, boolean isSure, String why) {
        boolean isWholeDay() {
            return from.equals(to);
        }
    }

    /**
     * The zone with an IANA or Windows name.
     *
     * @throws DateTimeException when it does not exist
     */
    static ZoneId zone(String name) {
        return ZoneId.of(OF_WINDOWS.getOrDefault(name.strip(), name.strip()));
    }

    /** The offsets that whole-day pairs reveal, wherever they are. */
    static Set<ZoneOffset> wholeDayOffsets(List<Node> transports) {
        Set<ZoneOffset> offsets = new LinkedHashSet<>();
        for (Node transport : transports) {
            Optional<LocalTime> from = transport.text("FromTime").flatMap(ServiceWindowMapping::utc);
            Optional<LocalTime> to =
                    transport.text("ToTime").flatMap(ServiceWindowMapping::utc).map(time -> time.plusSeconds(1));
            if (from.isPresent() && from.equals(to)) {
                int seconds = -from.get().toSecondOfDay();
                if (seconds < -12 * 3600) {
                    seconds += 24 * 3600;
                }
                offsets.add(ZoneOffset.ofTotalSeconds(seconds));
            }
        }
        return offsets;
    }

    private static Optional<LocalTime> utc(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text.strip()).toLocalTime());
        } catch (DateTimeException e) {
            try {
                return Optional.of(OffsetDateTime.parse(text.strip())
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toLocalTime());
            } catch (DateTimeException none) {
                return Optional.empty();
            }
        }
    }

    /** The window of {@code transport}; empty when its times are not valid. */
    static Optional<Window> of(Node transport, Optional<ZoneId> zone, Set<ZoneOffset> wholeDayOffsets) {
        Optional<LocalTime> from = transport.text("FromTime").flatMap(ServiceWindowMapping::utc);
        Optional<LocalTime> to =
                transport.text("ToTime").flatMap(ServiceWindowMapping::utc).map(time -> time.plusSeconds(1));
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        boolean hasOffset = transport
                .text("FromTime")
                .filter(text -> text.strip().matches(".*(?:[+-]\\d\\d:\\d\\d|Z)"))
                .isPresent();
        if (hasOffset) {
            LocalTime begin = OffsetDateTime.parse(
                            transport.text("FromTime").orElse("").strip())
                    .toLocalTime();
            LocalTime end = transport
                    .text("ToTime")
                    .map(String::strip)
                    .map(OffsetDateTime::parse)
                    .map(OffsetDateTime::toLocalTime)
                    .orElse(begin)
                    .plusSeconds(1);
            return Optional.of(
                    zone.isEmpty()
                            ? new Window(
                                    minutes(from.get()),
                                    minutes(to.get()),
                                    "UTC",
                                    false,
                                    "was meant in local time; give --zone")
                            : new Window(
                                    minutes(begin), minutes(end), zone.get().getId(), true, ""));
        }
        if (zone.isEmpty()) {
            return Optional.of(new Window(
                    minutes(from.get()), minutes(to.get()), "UTC", false, "was meant in local time; give --zone"));
        }
        ZoneRules rules = zone.get().getRules();
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        ZoneOffset standard = rules.getStandardOffset(now);
        if (rules.getTransitionRules().isEmpty()) {
            return Optional.of(window(from.get(), to.get(), zone.get(), standard, true, ""));
        }
        ZoneOffset summer = rules.getTransitionRules().stream()
                .map(each -> each.getOffsetAfter().equals(standard) ? each.getOffsetBefore() : each.getOffsetAfter())
                .findFirst()
                .orElse(standard);
        Window inStandard = window(from.get(), to.get(), zone.get(), standard, false, "");
        Window inSummer = window(from.get(), to.get(), zone.get(), summer, false, "");
        Set<ZoneOffset> seen = new LinkedHashSet<>(wholeDayOffsets);
        seen.retainAll(Set.of(standard, summer));
        if (standard.equals(ZoneOffset.UTC)) {
            // A window that was never edited looks the same.
            seen.remove(standard);
        }
        boolean known = seen.size() == 1;
        boolean wasSummer = known && seen.contains(summer) && !summer.equals(standard);
        Window taken = wasSummer ? inSummer : inStandard;
        String why = "if set in standard time it is " + inStandard.from() + " to " + inStandard.to()
                + ", in summer time "
                + inSummer.from() + " to " + inSummer.to()
                + (known
                        ? "; a whole-day pair beside it indicates " + (wasSummer ? "summer" : "standard") + " time"
                        : "; standard time is assumed");
        return Optional.of(new Window(taken.from(), taken.to(), taken.zone(), known, why));
    }

    private static Window window(
            LocalTime from, LocalTime to, ZoneId zone, ZoneOffset offset, boolean sure, String why) {
        Duration shift = Duration.ofSeconds(offset.getTotalSeconds());
        return new Window(minutes(from.plus(shift)), minutes(to.plus(shift)), zone.getId(), sure, why);
    }

    /** A window has whole minutes; a window that ends within a minute ends after that minute. */
    private static LocalTime minutes(LocalTime time) {
        return time.getSecond() == 0 ? time : time.withSecond(0).plusMinutes(time.getSecond() >= 30 ? 1 : 0);
    }
}
