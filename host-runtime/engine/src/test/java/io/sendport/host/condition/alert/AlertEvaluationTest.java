package io.sendport.host.condition.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Severity;
import io.sendport.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The state machine of alerts, without store and network. */
class AlertEvaluationTest {

    private static final AlertTimes TIMES =
            new AlertTimes(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofDays(1));

    private final SettableClock clock = new SettableClock();
    private List<AlertProgress> alerts = List.of();
    private final List<Alert> told = new ArrayList<>();

    private Condition relay(String name) {
        return Condition.of(ConditionKind.RELAY_UNREACHABLE, name, Severity.ATTENTION, clock.instant(), "refused");
    }

    private Condition suspended(String... ports) {
        return Condition.of(
                        ConditionKind.MESSAGES_SUSPENDED,
                        String.join(", ", ports),
                        Severity.ATTENTION,
                        clock.instant(),
                        "550 <jane@customer.example> is unknown")
                .counting(ports.length)
                .at(List.of(ports));
    }

    private List<Alert> look(AlertTimes times, Condition... present) {
        AlertEvaluation turn =
                AlertEvaluation.of(alerts, List.of(present), times, clock.instant(), () -> "id" + told.size());
        alerts = turn.alerts();
        told.addAll(turn.announcements());
        return turn.announcements();
    }

    private List<Alert> look(Condition... present) {
        return look(TIMES, present);
    }

    /** Looks each half minute. */
    private List<Alert> during(Duration time, Condition... present) {
        List<Alert> made = new ArrayList<>();
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            clock.advance(Duration.ofSeconds(30));
            made.addAll(look(present));
        }
        return made;
    }

    @Test
    void sendsOneAlertForAConditionAndOneForItsEnd() {
        assertThat(during(Duration.ofMinutes(5), relay("a:25"))).isEmpty();
        assertThat(during(Duration.ofHours(2), relay("a:25"))).singleElement().satisfies(each -> {
            assertThat(each.type()).isEqualTo(Alert.Type.FIRING);
            assertThat(each.notes()).singleElement().satisfies(note -> assertThat(note.text())
                    .startsWith("Relay a:25 has been unreachable since "));
        });
        assertThat(during(Duration.ofMinutes(5))).isEmpty();
        assertThat(during(Duration.ofMinutes(3))).singleElement().satisfies(each -> {
            assertThat(each.type()).isEqualTo(Alert.Type.RECOVERED);
            assertThat(each.notes().get(0).subject()).isEqualTo("a:25");
        });
        assertThat(during(Duration.ofDays(3))).isEmpty();
        assertThat(alerts).isEmpty();
    }

    @Test
    void sendsNoAlertForAShortCondition() {
        for (int i = 0; i < 20; i++) {
            assertThat(during(Duration.ofMinutes(4), relay("a:25"))).isEmpty();
            assertThat(during(Duration.ofMinutes(1))).isEmpty();
        }
        assertThat(alerts).isEmpty();
    }

    @Test
    void sendsOneAlertForAFlappingCondition() {
        during(Duration.ofMinutes(7), relay("a:25"));
        for (int i = 0; i < 20; i++) {
            during(Duration.ofMinutes(4));
            during(Duration.ofMinutes(1), relay("a:25"));
        }
        assertThat(told).hasSize(1);
        during(Duration.ofMinutes(7));
        assertThat(told).hasSize(2);
        during(Duration.ofMinutes(7), relay("a:25"));
        assertThat(told).hasSize(3);
    }

    @Test
    void combinesChangesWithinAMinuteInOneAlert() {
        look(relay("a:25"));
        clock.advance(Duration.ofSeconds(50));
        look(relay("a:25"), relay("b:25"), suspended("P1"));
        clock.advance(Duration.ofMinutes(5).minusSeconds(1));
        assertThat(look(relay("a:25"), relay("b:25"), suspended("P1"))).isEmpty();
        clock.advance(Duration.ofSeconds(11));
        assertThat(look(relay("a:25"), relay("b:25"), suspended("P1")))
                .singleElement()
                .satisfies(each -> assertThat(each.notes())
                        .extracting(AlertNote::subject)
                        .containsExactlyInAnyOrder("a:25", "b:25", "P1"));
        during(Duration.ofMinutes(7));
        assertThat(told).hasSize(2);
        assertThat(told.get(1).notes()).hasSize(3);
    }

    @Test
    void leavesLaterChangesForTheNextAlert() {
        look(relay("a:25"));
        clock.advance(Duration.ofMinutes(2));
        look(relay("a:25"), relay("b:25"));
        during(Duration.ofMinutes(8), relay("a:25"), relay("b:25"));
        assertThat(told).hasSize(2).allSatisfy(each -> assertThat(each.notes()).hasSize(1));
    }

    @Test
    void remindsOnceADayOfAllOpenConditions() {
        during(Duration.ofMinutes(7), relay("a:25"));
        during(Duration.ofHours(12), relay("a:25"), relay("b:25"));
        assertThat(told).hasSize(2);
        List<Alert> reminders = during(Duration.ofHours(36), relay("a:25"), relay("b:25"));
        assertThat(reminders)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.type()).isEqualTo(Alert.Type.REMINDER))
                .allSatisfy(each -> assertThat(each.notes()).hasSize(2));
    }

    @Test
    void sendsNoRemindersWhenTheyAreTurnedOff() {
        AlertTimes times = new AlertTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        assertThat(look(times, relay("a:25"))).hasSize(1);
        clock.advance(Duration.ofDays(30));
        assertThat(look(times, relay("a:25"))).isEmpty();
        assertThat(look(times)).singleElement().satisfies(each -> assertThat(each.type())
                .isEqualTo(Alert.Type.RECOVERED));
    }

    @Test
    void ignoresConditionsOfSeverityInfo() {
        Condition info =
                Condition.of(ConditionKind.RELAY_UNREACHABLE, "a:25", Severity.INFO, clock.instant(), "refused");
        assertThat(during(Duration.ofHours(1), info)).isEmpty();
        assertThat(alerts).isEmpty();
        during(Duration.ofMinutes(7), relay("a:25"));
        during(Duration.ofMinutes(7), info);
        assertThat(told).extracting(Alert::type).containsExactly(Alert.Type.FIRING, Alert.Type.RECOVERED);
    }

    @Test
    void reportsTheEndOfAConditionForEachPort() {
        during(Duration.ofMinutes(7), suspended("P1", "P2"));
        assertThat(told).singleElement().satisfies(each -> assertThat(each.notes())
                .hasSize(1));
        during(Duration.ofMinutes(7), suspended("P2"));
        assertThat(told).hasSize(2);
        assertThat(told.get(1).notes()).singleElement().satisfies(note -> {
            assertThat(note.subject()).isEqualTo("P1");
            assertThat(note.ports()).containsExactly("P1");
        });
        during(Duration.ofHours(1), suspended("P2", "P3"));
        assertThat(told).hasSize(3);
    }

    @Test
    void leavesOutAddressesButNotTheNamesOfInstances() {
        AlertNote note = AlertNote.of(suspended("P1"));
        assertThat(note.text()).contains("550 <[address]> is unknown").doesNotContain("jane");
        assertThat(AlertNote.of(Condition.of(
                                ConditionKind.INSTANCE_DIED, "Mail@mx1-17-ab", Severity.ATTENTION, clock.instant(), ""))
                        .text())
                .contains("Instance Mail@mx1-17-ab ended");
    }

    @Test
    void isNotHeldUpByAClockThatWasSetBack() {
        look(relay("a:25"));
        clock.advance(Duration.ofDays(-2));
        during(Duration.ofMinutes(7), relay("a:25"));
        assertThat(told).hasSize(1);
    }

    @Test
    void continuesFromTheStoredProgressAfterAFailover() {
        during(Duration.ofMinutes(3), relay("a:25"));
        List<AlertProgress> read = List.copyOf(alerts);
        alerts = new ArrayList<>(read);
        during(Duration.ofMinutes(4), relay("a:25"));
        assertThat(told).hasSize(1);
    }

    /** Whatever comes and goes: alert and end alternate for each condition, and neither comes before its time. */
    @Test
    void alternatesBetweenAlertAndEndForEachCondition() {
        Random random = new Random(7);
        String[] names = {"a:25", "b:25", "c:25"};
        Map<String, Boolean> isTold = new HashMap<>();
        Map<String, Instant> changed = new HashMap<>();
        List<String> present = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            clock.advance(Duration.ofSeconds(10 + random.nextInt(50)));
            for (String each : names) {
                if (random.nextInt(12) == 0) {
                    changed.put(each, clock.instant());
                    if (!present.remove(each)) {
                        present.add(each);
                    }
                }
            }
            for (Alert message : look(present.stream().map(this::relay).toArray(Condition[]::new))) {
                if (message.type() == Alert.Type.REMINDER) {
                    continue;
                }
                boolean fires = message.type() == Alert.Type.FIRING;
                for (AlertNote note : message.notes()) {
                    assertThat(isTold.put(note.subject(), fires)).isNotEqualTo(fires);
                    assertThat(present.contains(note.subject())).isEqualTo(fires);
                    assertThat(Duration.between(changed.get(note.subject()), clock.instant()))
                            .isGreaterThanOrEqualTo(Duration.ofMinutes(5));
                }
            }
        }
        assertThat(told).hasSizeGreaterThan(20);
    }
}
