package io.sendport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.ConditionText;
import io.sendport.host.condition.Severity;
import io.sendport.testing.DocumentedCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What docs/operations.md and docs/observability.md show can be typed, and each condition has its place in docs/operations.md. */
class OperationsPageTest {

    private static final Path PAGE = Path.of("../../docs/operations.md");
    private static final Path OBSERVABILITY = Path.of("../../docs/observability.md");

    @ParameterizedTest
    @EnumSource(ConditionKind.class)
    void everyConditionIsInTheTableOfThePage(ConditionKind kind) throws Exception {
        assertThat(Files.readString(PAGE).lines().filter(line -> line.startsWith("|")))
                .anyMatch(line -> line.contains("`" + kind.word() + "`")
                        && line.contains("| " + kind.subject().word() + " |"));
    }

    @ParameterizedTest
    @EnumSource(ConditionKind.class)
    void everyNextStepIsAValidCommand(ConditionKind kind) {
        Condition condition = Condition.of(kind, "A port", Severity.INFO, Instant.EPOCH, "detail")
                .at(List.of("A port"));
        requireThatItIsUnderstood(ConditionText.nextStep(condition).replace("--reason ...", "--reason why"));
    }

    @Test
    void everyCommandOnThePageIsValid() throws Exception {
        assertThat(requireThatItIsUnderstood(Files.readString(PAGE))).isGreaterThan(20);
    }

    @Test
    void everyLogLevelCommandIsValid() throws Exception {
        assertThat(requireThatItIsUnderstood(Files.readString(OBSERVABILITY))).isEqualTo(3);
    }

    private static int requireThatItIsUnderstood(String text) {
        List<String> commands = DocumentedCommands.of(text);
        commands.forEach(Typed::requireUnderstood);
        return commands.size();
    }
}
