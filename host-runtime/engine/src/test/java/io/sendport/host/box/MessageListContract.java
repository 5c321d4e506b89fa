package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists and counts find the same messages by index as someone who looks at each, whatever database has them. */
abstract class MessageListContract {

    private static final int MESSAGES = 400;
    private static final long FIRST_STRETCH = 5;
    private static final List<String> PORTS = List.of("Invoices", "Orders.In", "Orders.Out", "Rare[1]_%");
    private static final List<Set<String>> ASKED = List.of(
            Set.of(),
            Set.of("Invoices"),
            Set.of("Rare[1]_%"),
            Set.of("Orders.*"),
            Set.of("*"),
            Set.of("Invoices", "Rare*"),
            Set.of("None"),
            Set.of("N*"));

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final Random random = new Random(20261130);
    private MessageBox box;

    abstract MessageBoxSettings settings(Path place);

    /** Messages in every state, whose times do not always grow with their numbers. */
    @BeforeEach
    void fill() {
        box = TestBox.open(settings(folder), clock);
        for (int i = 0; i < MESSAGES; i++) {
            Duration back = Duration.ofSeconds(random.nextInt(50) == 0 ? 200 : 0);
            clock.advance(Duration.ofSeconds(1).minus(back));
            TestBox.submit(box, clock, i % 97 == 5 ? "Rare[1]_%" : PORTS.get(random.nextInt(3)));
            clock.advance(back);
        }
        MessageState[] states = MessageState.values();
        box.store().change(transaction -> {
            for (long seq : transaction
                    .handle()
                    .createQuery("SELECT seq FROM message ORDER BY seq")
                    .mapTo(Long.class)) {
                MessageState state = states[random.nextInt(states.length)];
                if (state == MessageState.SCHEDULED) {
                    continue;
                }
                boolean isWaiting = state == MessageState.WAITING || state == MessageState.RETRYING;
                transaction
                        .handle()
                        .execute(
                                "UPDATE message SET state = ?, queued = ?, ended_at = ?, lease_owner = ? WHERE seq = ?",
                                state.name(),
                                isWaiting ? 1 : 0,
                                state.isEnd() ? clock.millis() : null,
                                state == MessageState.SENDING ? "i" : null,
                                seq);
            }
        });
    }

    @AfterEach
    void close() {
        box.close();
    }

    private static boolean matches(Set<String> patterns, String port) {
        return patterns.isEmpty()
                || patterns.stream()
                        .anyMatch(each -> each.endsWith("*")
                                ? port.startsWith(each.substring(0, each.length() - 1))
                                : port.equals(each));
    }

    private static MessageFilter filter(
            Set<String> ports, Set<MessageState> states, Optional<Instant> since, Optional<Instant> until) {
        return new MessageFilter(
                ports,
                Optional.empty(),
                states,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                since,
                until,
                false);
    }

    /** Page by page. */
    private List<Long> listed(MessageFilter filter, int most) {
        List<Long> found = new ArrayList<>();
        OptionalLong before = OptionalLong.of(Long.MAX_VALUE);
        while (before.isPresent()) {
            MessageList.Page page = new MessageList(box.store(), filter, FIRST_STRETCH)
                    .page(before.getAsLong(), most, Duration.ofMinutes(1));
            assertThat(page.isWhole()).isTrue();
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(most);
            page.rows().forEach(row -> found.add(row.seq()));
            before = page.next();
        }
        return found;
    }

    @Test
    void findsByPortStateAndTimeTheSameMessagesAsAFullScan() {
        List<MessageRow> all = box.queries().list(MessageFilter.all(), Optional.empty());
        assertThat(all).hasSize(MESSAGES);
        Instant middle = all.get(MESSAGES / 2).submittedAt();
        List<Set<MessageState>> states = new ArrayList<>(List.of(
                Set.of(),
                Set.of(MessageState.SUSPENDED, MessageState.IN_DOUBT),
                Set.of(MessageState.WAITING, MessageState.SENDING),
                Set.of(MessageState.WAITING, MessageState.DONE),
                Set.of(MessageState.CONSUMED, MessageState.TERMINATED)));
        EnumSet.allOf(MessageState.class).forEach(state -> states.add(Set.of(state)));
        for (Set<String> ports : ASKED) {
            for (Set<MessageState> wanted : states) {
                for (int time = 0; time < 4; time++) {
                    Optional<Instant> since = time % 2 == 1 ? Optional.of(middle.minusSeconds(30)) : Optional.empty();
                    Optional<Instant> until = time > 1 ? Optional.of(middle.plusSeconds(30)) : Optional.empty();
                    MessageFilter filter = filter(ports, wanted, since, until);
                    List<Long> expected = all.stream()
                            .filter(row -> matches(ports, row.port()))
                            .filter(row -> wanted.isEmpty() || wanted.contains(row.state()))
                            .filter(row -> since.map(from -> !row.submittedAt().isBefore(from))
                                    .orElse(true))
                            .filter(row -> until.map(to -> row.submittedAt().isBefore(to))
                                    .orElse(true))
                            .map(MessageRow::seq)
                            .sorted(Comparator.reverseOrder())
                            .toList();
                    assertThat(listed(filter, 7)).as("%s", filter).isEqualTo(expected);
                    assertThat(box.queries().list(filter, Optional.empty()).stream()
                                    .map(MessageRow::seq))
                            .as("%s", filter)
                            .containsExactlyInAnyOrderElementsOf(expected);
                }
            }
        }
    }

    @Test
    void countsByPortAndStateTheSameMessagesAsAFullScan() {
        List<MessageRow> all = box.queries().list(MessageFilter.all(), Optional.empty());
        for (Set<String> ports : ASKED) {
            for (Set<MessageState> states : List.of(
                    Set.<MessageState>of(), Set.of(MessageState.DONE, MessageState.WAITING, MessageState.TERMINATED))) {
                Stream<MessageRow> rows = all.stream()
                        .filter(row -> matches(ports, row.port()))
                        .filter(row -> states.isEmpty() || states.contains(row.state()));
                Map<List<String>, Long> expected = new HashMap<>();
                rows.forEach(
                        row -> expected.merge(List.of(row.port(), row.state().word()), 1L, Long::sum));
                MessageFilter filter = MessageFilter.in(states).of(ports);
                assertThat(box.queries().count(filter, List.of("port", "state")))
                        .as("%s", filter)
                        .isEqualTo(expected);
                assertThat(box.queries().count(filter, List.of("state")).values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isEqualTo(expected.values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
                assertThat(box.queries().count(filter, List.of("port", "state"), Duration.ofMinutes(1)))
                        .hasValue(expected);
            }
        }
    }
}
