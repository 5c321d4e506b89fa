package io.sendport.config.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ServiceWindowTest {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    private static ServiceWindow window(String days, String from, String to) {
        return new ServiceWindow(ServiceWindow.days(days), ServiceWindow.time(from), ServiceWindow.time(to), PARIS);
    }

    private static Instant at(String local) {
        return LocalDateTime.parse(local).atZone(PARIS).toInstant();
    }

    @Test
    void opensInTheMorningAndClosesInTheEvening() {
        List<ServiceWindow> office = List.of(window("mon-fri", "08:00", "18:00"));
        assertThat(ServiceWindow.opensAt(office, at("2026-11-20T08:00"))).isEmpty();
        assertThat(ServiceWindow.opensAt(office, at("2026-11-20T17:59:59"))).isEmpty();
        assertThat(ServiceWindow.opensAt(office, at("2026-11-20T18:00"))).contains(at("2026-11-23T08:00"));
        assertThat(ServiceWindow.opensAt(office, at("2026-11-20T07:59"))).contains(at("2026-11-20T08:00"));
    }

    @Test
    void spansMidnightAndBelongsToItsFirstDay() {
        List<ServiceWindow> night = List.of(window("sat", "22:00", "04:00"));
        assertThat(ServiceWindow.opensAt(night, at("2026-11-21T23:00"))).isEmpty();
        assertThat(ServiceWindow.opensAt(night, at("2026-11-22T03:59"))).isEmpty();
        assertThat(ServiceWindow.opensAt(night, at("2026-11-22T04:00"))).contains(at("2026-11-28T22:00"));
        assertThat(ServiceWindow.opensAt(night, at("2026-11-21T03:00"))).contains(at("2026-11-21T22:00"));
    }

    @Test
    void isAlwaysOpenWithoutWindowsOrWithAFullDayWindow() {
        assertThat(ServiceWindow.opensAt(List.of(), Instant.EPOCH)).isEmpty();
        List<ServiceWindow> allDay = List.of(window("", "00:00", "24:00"));
        assertThat(ServiceWindow.opensAt(allDay, at("2026-11-21T00:00"))).isEmpty();
        assertThat(ServiceWindow.opensAt(allDay, at("2026-11-21T23:59:59"))).isEmpty();
    }

    @Test
    void followsLocalTimeAcrossDaylightSavingChanges() {
        List<ServiceWindow> early = List.of(window("sun", "02:30", "03:30"));
        // On 29 March 2026 the hour from two to three is left out, on 25 October it comes twice.
        assertThat(ServiceWindow.opensAt(early, at("2026-03-29T01:00")))
                .as("right after the hour that is left out, as docs/message-flow.md says")
                .contains(Instant.parse("2026-03-29T01:00:00Z"));
        List<ServiceWindow> within = List.of(window("sun", "02:30", "03:15"));
        assertThat(ServiceWindow.opensAt(within, Instant.parse("2026-03-29T01:10:00Z")))
                .isEmpty();
        List<ServiceWindow> late = List.of(window("sun", "01:00", "02:30"));
        assertThat(ServiceWindow.opensAt(late, Instant.parse("2026-10-25T01:29:00Z")))
                .isEmpty();
        assertThat(ServiceWindow.opensAt(late, Instant.parse("2026-10-25T01:30:00Z")))
                .isPresent();
    }

    @Test
    void opensWithTheEarliestOfSeveralWindows() {
        List<ServiceWindow> two = List.of(window("mon-fri", "08:00", "12:00"), window("mon-sat", "14:00", "18:00"));
        assertThat(ServiceWindow.opensAt(two, at("2026-11-20T12:30"))).contains(at("2026-11-20T14:00"));
        assertThat(ServiceWindow.opensAt(two, at("2026-11-21T09:00"))).contains(at("2026-11-21T14:00"));
    }

    @Test
    void parsesDaysAndRejectsInvalidDaysAndTimes() {
        assertThat(ServiceWindow.days("fri-mon")).hasSize(4);
        assertThat(ServiceWindow.days("Sat, Sun")).hasSize(2);
        assertThat(ServiceWindow.days("")).hasSize(7);
        assertThatThrownBy(() -> ServiceWindow.days("mon-someday")).hasMessageContaining("is not a day");
        assertThatThrownBy(() -> ServiceWindow.time("8:00")).hasMessageContaining("not a time of day");
        assertThatThrownBy(() -> ServiceWindow.time("24:01")).hasMessageContaining("not a time of day");
    }

    /** Whatever the window and the moment: it is open then, or opens within eight days, and is open when it says. */
    @Property(tries = 3_000)
    void isOpenAtTheReportedOpeningTime(
            @ForAll @IntRange(max = 6) int day,
            @ForAll @IntRange(max = 1439) int from,
            @ForAll @IntRange(max = 1439) int to,
            @ForAll @LongRange(min = 1_735_689_600L, max = 1_798_761_600L) long moment) {
        List<ServiceWindow> windows = List.of(window(
                List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun").get(day),
                "%02d:%02d".formatted(from / 60, from % 60),
                "%02d:%02d".formatted(to / 60, to % 60)));
        Instant now = Instant.ofEpochSecond(moment);
        Optional<Instant> opens = ServiceWindow.opensAt(windows, now);
        opens.ifPresent(at -> {
            assertThat(Duration.between(now, at)).isPositive().isLessThan(Duration.ofDays(8));
            assertThat(ServiceWindow.opensAt(windows, at)).isEmpty();
        });
    }
}
