package io.sendport.host.box;

import static io.sendport.host.box.MessageState.CONSUMED;
import static io.sendport.host.box.MessageState.DONE;
import static io.sendport.host.box.MessageState.IN_DOUBT;
import static io.sendport.host.box.MessageState.RETRYING;
import static io.sendport.host.box.MessageState.SENDING;
import static io.sendport.host.box.MessageState.SUSPENDED;
import static io.sendport.host.box.MessageState.TERMINATED;
import static io.sendport.host.box.MessageState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.submit.Receipt;
import io.sendport.config.port.PortState;
import io.sendport.config.port.RetryRule;
import io.sendport.host.TestBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Pause;
import io.sendport.host.decide.Decision;
import io.sendport.host.decide.Terms;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever happens, in whatever order: a message only goes from state to state as the table allows, and the ledger holds. */
class StateModelTest {

    private static final Map<MessageState, Set<MessageState>> TABLE = Map.of(
            WAITING, Set.of(SENDING, SUSPENDED, TERMINATED),
            SENDING, Set.of(WAITING, RETRYING, SUSPENDED, IN_DOUBT, DONE, CONSUMED),
            RETRYING, Set.of(SENDING, SUSPENDED, TERMINATED),
            SUSPENDED, Set.of(WAITING, RETRYING, TERMINATED, DONE),
            IN_DOUBT, Set.of(RETRYING, TERMINATED, DONE),
            DONE, Set.of(),
            CONSUMED, Set.of(),
            TERMINATED, Set.of());

    private static final Actor ME = new Actor("test", "model");

    private enum Event {
        CLAIM,
        RELEASE,
        ATTEMPT_ACCEPTED,
        ATTEMPT_DEFERRED,
        ATTEMPT_REFUSED,
        ATTEMPT_IN_DOUBT,
        DIE_AFTER_CLAIM,
        DIE_AMID_ATTEMPT,
        FAIL_PIPELINE,
        CONSUME,
        SUSPEND,
        RESUME,
        REASSEMBLE,
        TERMINATE,
        RESOLVE,
        TIME_PASSES
    }

    @Provide
    Arbitrary<List<Event>> events() {
        return Arbitraries.of(Event.class).list().ofMinSize(3).ofMaxSize(25);
    }

    private static final AtomicInteger WORLDS = new AtomicInteger();
    private static final SettableClock CLOCK = new SettableClock();
    private static Path folder;
    private static MessageBox box;

    @BeforeContainer
    static void open() throws IOException {
        folder = Files.createTempDirectory("sendport-model");
        box = TestBox.open(folder, CLOCK);
    }

    @AfterContainer
    static void close() throws IOException {
        assertThat(TestBox.verify(box, TestBox.settings(folder).place()).fault())
                .isEmpty();
        box.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    @Property(tries = 200)
    void neverReachesAStateThatTheTableDoesNotAllow(
            @ForAll("events") List<Event> events, @ForAll boolean hold, @ForAll boolean backup) throws Exception {
        RetryRule rule = new RetryRule(2, Duration.ofMinutes(5), 1, Optional.empty(), Optional.empty(), hold);
        World world = new World(rule, backup);
        MessageRow before = world.row();
        for (Event event : events) {
            world.happens(event);
            MessageRow after = world.row();
            if (after.state() != before.state()) {
                assertThat(TABLE.get(before.state()))
                        .as(event + " amid " + events)
                        .contains(after.state());
            }
            assertThat(after.tries()).as(events.toString()).isBetween(0, rule.count() + 1);
            assertThat(after.onBackup() && !backup).isFalse();
            before = after;
        }
        if (before.state() == DONE) {
            assertThat(world.arrived || world.resolved).as(events.toString()).isTrue();
        }
        requireTheCountsOfEachRow(world.name, events, hold);
    }

    /** Counts read few rows; these are the counts of them all. */
    private static void requireTheCountsOfEachRow(String port, List<Event> events, boolean isClosed) {
        TestBox.submit(box, CLOCK, port);
        box.ports().initialize(port, PortState.STARTED);
        box.ports()
                .pause(
                        port,
                        isClosed ? Optional.of(new Pause(Pause.Kind.WINDOW, Optional.empty(), "")) : Optional.empty());
        Map<MessageState, Long> counts = new EnumMap<>(MessageState.class);
        Map<MessageState, Instant> oldest = new EnumMap<>(MessageState.class);
        Map<MessageState, Instant> since = new EnumMap<>(MessageState.class);
        for (MessageRow row : box.queries().list(MessageFilter.all().of(Set.of(port)), Optional.empty())) {
            if (row.state().isEnd()) {
                continue;
            }
            MessageState shown = box.queries().shownState(row);
            counts.merge(shown, 1L, Long::sum);
            oldest.merge(shown, row.submittedAt(), StateModelTest::earlier);
            since.merge(
                    shown,
                    row.state() == WAITING && row.dueAt().isAfter(row.submittedAt()) ? row.dueAt() : row.submittedAt(),
                    StateModelTest::earlier);
        }
        MessageQueries.PortCounts told = new PortCounting(box.store()).now().get(port);
        assertThat(told.counts()).as(events.toString()).isEqualTo(counts);
        assertThat(told.oldestOf()).as(events.toString()).isEqualTo(oldest);
        assertThat(told.waitingSince().get(WAITING)).as(events.toString()).isEqualTo(since.get(WAITING));
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** A message, and all that may happen to it; what can't happen now does not. */
    private static final class World {
        private final String name = "world" + WORLDS.incrementAndGet();
        private final Receipt receipt = TestBox.submit(box, CLOCK, name);
        private final RetryRule rule;
        private final boolean backup;
        private boolean arrived;
        private boolean resolved;
        private int instances;

        World(RetryRule rule, boolean backup) {
            this.rule = rule;
            this.backup = backup;
        }

        MessageRow row() {
            return box.queries().byPrefix(receipt.id().value()).get(0);
        }

        private Terms terms(MessageRow row) {
            return new Terms(rule, backup && !row.onBackup(), true);
        }

        private String instance() {
            return name + "-" + instances;
        }

        void happens(Event event) throws Exception {
            MessageRow row = row();
            boolean inHand = row.state() == SENDING;
            switch (event) {
                case CLAIM -> box.claims().claim(name, instance(), 1);
                case RELEASE -> box.claims().release(List.of(row), instance(), Duration.ZERO);
                case ATTEMPT_ACCEPTED -> attempt(row, inHand, Outcome.ACCEPTED);
                case ATTEMPT_DEFERRED -> attempt(row, inHand, Outcome.DEFERRED);
                case ATTEMPT_REFUSED -> attempt(row, inHand, Outcome.REFUSED);
                case ATTEMPT_IN_DOUBT -> attempt(row, inHand, Outcome.IN_DOUBT);
                case DIE_AFTER_CLAIM -> die();
                case DIE_AMID_ATTEMPT -> {
                    if (inHand) {
                        started(row);
                    }
                    die();
                }
                case FAIL_PIPELINE -> {
                    if (inHand) {
                        box.attempts()
                                .suspend(
                                        row,
                                        instance(),
                                        new io.sendport.host.decide.NextAction.Suspend("no certificate"),
                                        "[]",
                                        "");
                    }
                }
                case CONSUME -> {
                    if (inHand) {
                        box.attempts().consumed(row, instance(), "test", "[]");
                    }
                }
                case SUSPEND -> box.acts().act(MessageAct.SUSPEND, row, ME);
                case RESUME -> box.acts().act(MessageAct.RESUME, row, ME);
                case REASSEMBLE -> box.acts().act(MessageAct.REASSEMBLE, row, ME);
                case TERMINATE -> box.acts().act(MessageAct.TERMINATE, row, ME);
                case RESOLVE ->
                    resolved |= box.acts().act(MessageAct.RESOLVE, row, ME).isEmpty();
                case TIME_PASSES -> CLOCK.advance(Duration.ofMinutes(6));
            }
        }

        private void die() {
            String dead = instance();
            instances++;
            TestBox.bury(box, dead);
            box.claims().takeOver(this::terms);
        }

        private int started(MessageRow row) throws Exception {
            boolean first = box.attempts().deliveries(row).isEmpty();
            return TestBox.start(box, row, TestBox.delivery(row, "a@customer.example"), instance(), first);
        }

        private void attempt(MessageRow row, boolean inHand, Outcome outcome) throws Exception {
            if (!inHand) {
                return;
            }
            Delivery delivery = TestBox.delivery(row, "a@customer.example");
            int no = started(row);
            arrived |= outcome == Outcome.ACCEPTED;
            box.attempts()
                    .settle(
                            row,
                            delivery,
                            no,
                            instance(),
                            TestBox.result(delivery, outcome),
                            Optional.of(all -> Decision.after(
                                    all,
                                    terms(row),
                                    row.tries() + 1,
                                    row.submittedAt(),
                                    CLOCK.instant(),
                                    Advice.NONE)));
        }
    }
}
