package io.sendport.host.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConditionTest {

    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private static Condition unreachable(Severity severity, Instant since, String port) {
        return Condition.of(ConditionKind.RELAY_UNREACHABLE, "mail.example:25", severity, since, "refused")
                .counting(2)
                .at(List.of(port))
                .reportedBy("H@" + port);
    }

    @Test
    void mergesReportsOfTwoInstancesWithTheWorseSeverity() {
        Condition one = unreachable(Severity.INFO, NOON, "A");
        Condition two = unreachable(Severity.FAILING, NOON.minusSeconds(600), "B");
        for (Condition both : List.of(one.and(two), two.and(one))) {
            assertThat(both.severity()).isEqualTo(Severity.FAILING);
            assertThat(both.since()).isEqualTo(NOON.minusSeconds(600));
            assertThat(both.count()).isEqualTo(4);
            assertThat(both.ports()).containsExactly("A", "B");
            assertThat(both.instances()).containsExactly("H@A", "H@B");
        }
    }

    @Test
    void rejectsASubjectThatDoesNotFitItsKind() {
        assertThatThrownBy(() -> new Condition(
                        ConditionKind.DISK_LOW,
                        new Subject(Subject.Type.PORT, "A"),
                        Severity.INFO,
                        NOON,
                        0,
                        "",
                        java.util.Optional.empty(),
                        new java.util.TreeSet<>(),
                        new java.util.TreeSet<>()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(ConditionKind.class)
    void everyKindHasASentenceWithItsDetailAndANextStep(ConditionKind kind) {
        Condition condition = Condition.of(kind, "the subject", Severity.INFO, NOON, "a \u202e detail")
                .counting(2);
        String sentence = ConditionText.sentence(condition);
        assertThat(sentence).matches("[A-Z0-9].+[^.]|the subject.+[^.]").doesNotContain("\u202e");
        assertThat(sentence.contains("detail")
                        || kind == ConditionKind.CERTIFICATE_EXPIRING
                        || sentence.contains("the subject"))
                .isTrue();
        assertThat(ConditionText.nextStep(condition)).matches("[A-Z`].+[^.]");
    }

    @Test
    void theVerdictReflectsTheWorstSeverity() {
        assertThat(Verdict.of(List.of())).isEqualTo(Verdict.DELIVERING);
        assertThat(Verdict.of(List.of(unreachable(Severity.INFO, NOON, "A")))).isEqualTo(Verdict.DELIVERING);
        assertThat(Verdict.of(
                        List.of(unreachable(Severity.INFO, NOON, "A"), unreachable(Severity.ATTENTION, NOON, "A"))))
                .isEqualTo(Verdict.DELIVERING_WITH_PROBLEMS);
        assertThat(Verdict.of(
                        List.of(unreachable(Severity.FAILING, NOON, "A"), unreachable(Severity.ATTENTION, NOON, "A"))))
                .isEqualTo(Verdict.NOT_DELIVERING);
    }

    @Test
    void namesWithSpacesAreQuotedInCommands() {
        assertThat(ConditionText.quoted("A-1")).isEqualTo("A-1");
        assertThat(ConditionText.quoted("it's mine")).isEqualTo("'it'\\''s mine'");
    }
}
