package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.port.PortState;
import io.sendport.host.box.control.PortAct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of acts, and the page that shows it. */
class ActsTableTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "states.md");

    private static List<String> rows() throws IOException {
        try (Stream<String> lines = Files.lines(PAGE)) {
            return lines.filter(line -> line.startsWith("| `")).toList();
        }
    }

    private static String words(Stream<String> words) {
        return words.map(each -> "`" + each + "`").collect(Collectors.joining(", "));
    }

    @Test
    void isWhatThePageShows() throws IOException {
        List<String> expected = new ArrayList<>();
        for (MessageAct act : MessageAct.values()) {
            for (MessageAct.Source source : act.sources()) {
                expected.add("| `" + act.word() + "` | `" + source.state().word() + "` | "
                        + source.condition().words() + " | "
                        + words(act.target().states().stream().map(MessageState::word)) + " |");
            }
        }
        for (PortAct act : PortAct.values()) {
            for (PortState source : PortState.values()) {
                if (act.sources().contains(source)) {
                    expected.add("| `" + act.word() + "` | `" + source.word() + "` | `"
                            + act.target().word() + "` |");
                }
            }
        }
        assertThat(rows()).containsExactlyElementsOf(expected);
    }

    @Test
    void allowsNoActExceptHoldAndReleaseOnEndedOrSendingMessages() {
        assertThat(MessageAct.values())
                .allSatisfy(act -> assertThat(act.isAboutKeeping() ? List.<MessageAct.Source>of() : act.sources())
                        .noneMatch(each -> each.state().isEnd() || each.state() == MessageState.SENDING));
    }

    @Test
    void describesTheEffectOfCombinedActs() {
        assertThat(MessageAct.effect(MessageAct.resuming(true, true)))
                .isEqualTo("The pipeline runs again. Each message is sent once now, even if its port is stopped.");
        assertThat(MessageAct.effect(MessageAct.resuming(true, false)))
                .isEqualTo("The pipeline runs again. Resumed messages are sent if their ports are started.");
        assertThat(MessageAct.values())
                .allSatisfy(act -> assertThat(MessageAct.effect(List.of(act))).endsWith("."));
    }
}
