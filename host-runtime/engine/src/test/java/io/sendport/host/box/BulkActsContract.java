package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does to all messages that a filter finds. */
abstract class BulkActsContract {

    private static final Actor ANNA = new Actor("anna@desk", "wrong price list");
    private static final MessageFilter INVOICES = MessageFilter.all().of(Set.of("Invoices"));
    private static final int MANY = 120;

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBox box;

    abstract MessageBoxSettings settings(Path place);

    @BeforeEach
    void open() {
        box = TestBox.open(settings(folder), clock);
    }

    @AfterEach
    void close() {
        box.close();
    }

    private List<String> submit(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(TestBox.submit(box, clock, "Invoices").id().value());
        }
        return ids;
    }

    private BulkActs.Counted count(MessageAct... acts) throws BulkActs.TooManyException {
        return box.bulkActs().count(List.of(acts), INVOICES, "port Invoices", ANNA, "");
    }

    private MessageRow row(String id) {
        return box.queries().byPrefix(id).get(0);
    }

    private long records(Kind kind) {
        List<String> found = new ArrayList<>();
        box.ledger().read(AuditFilter.all().ofKinds(List.of(kind)), each -> found.add(each.detail("actor")));
        assertThat(found).allMatch("anna@desk"::equals);
        return found.size();
    }

    private void run(BulkActs.Counted counted, String owner) {
        BulkAct act = counted.act();
        while (box.bulkActs().batch(act, owner, port -> true).more()) {
            // Until none is left.
        }
    }

    @Test
    void applyOnlyToCountedMessagesThatHaveNotChangedSince() throws Exception {
        List<String> ids = submit(MANY);
        TestBox.submit(box, clock, "Alerts");
        BulkActs.Counted counted = count(MessageAct.SUSPEND);
        assertThat(counted.act().total()).isEqualTo(MANY);
        assertThat(box.bulkActs().sample(counted.act().id(), 3))
                .extracting(row -> row.id().value())
                .containsExactlyElementsOf(ids.subList(0, 3));
        String late = submit(1).get(0);
        box.acts().act(MessageAct.SUSPEND, row(ids.get(7)), ANNA);
        box.acts().act(MessageAct.TERMINATE, row(ids.get(8)), ANNA);
        assertThat(records(Kind.SUSPENDED)).isEqualTo(1);
        assertThat(box.bulkActs().confirm(counted.act().id(), counted.confirm(), Optional.of("me")))
                .isEmpty();
        run(counted, "me");
        BulkAct done = box.bulkActs().find(counted.act().id()).orElseThrow();
        assertThat(done.state()).isEqualTo(BulkAct.State.DONE);
        assertThat(done.done()).isEqualTo(MANY - 2);
        assertThat(done.changed()).isEqualTo(2);
        assertThat(records(Kind.SUSPENDED)).isEqualTo(MANY - 1);
        assertThat(row(late).state()).as("it came after the count").isEqualTo(MessageState.WAITING);
        assertThat(row(ids.get(0)).state()).isEqualTo(MessageState.SUSPENDED);
    }

    @Test
    void doNothingUnlessConfirmedInTime() throws Exception {
        submit(1);
        BulkActs.Counted counted = count(MessageAct.TERMINATE);
        String id = counted.act().id();
        assertThat(box.bulkActs().batch(counted.act(), "me", port -> true).more())
                .isFalse();
        assertThat(box.bulkActs().claim("me", act -> true)).isEmpty();
        assertThat(box.bulkActs()
                        .confirm(id, "something else", Optional.empty())
                        .orElseThrow())
                .contains("does not belong to this act");
        clock.advance(BulkActs.CONFIRMABLE.plusSeconds(1));
        assertThat(box.bulkActs()
                        .confirm(id, counted.confirm(), Optional.empty())
                        .orElseThrow())
                .contains("more than 5 minutes ago");
        assertThat(records(Kind.TERMINATED)).isZero();
    }

    @Test
    void areContinuedByAnotherInstanceWhenTheFirstOneDies() throws Exception {
        submit(MANY);
        BulkActs.Counted counted = count(MessageAct.SUSPEND);
        box.bulkActs().confirm(counted.act().id(), counted.confirm(), Optional.empty());
        assertThat(box.bulkActs().claim("first", act -> true)).isPresent();
        assertThat(box.bulkActs().batch(counted.act(), "first", port -> true).more())
                .isTrue();
        assertThat(box.bulkActs().claim("second", act -> true))
                .as("the first still has it")
                .isEmpty();
        clock.advance(Duration.ofMinutes(1));
        assertThat(box.bulkActs().claim("second", act -> true)).isPresent();
        assertThat(box.bulkActs().batch(counted.act(), "first", port -> true).more())
                .as("it was taken for dead")
                .isFalse();
        run(counted, "second");
        assertThat(box.bulkActs().find(counted.act().id()).orElseThrow().done()).isEqualTo(MANY);
        assertThat(records(Kind.SUSPENDED)).as("each once").isEqualTo(MANY);
    }

    @Test
    void changeNoFurtherMessagesWhenStopped() throws Exception {
        submit(MANY);
        BulkActs.Counted counted = count(MessageAct.SUSPEND);
        String id = counted.act().id();
        box.bulkActs().confirm(id, counted.confirm(), Optional.of("me"));
        box.bulkActs().batch(counted.act(), "me", port -> true);
        assertThat(box.bulkActs().stop(id, "enough")).isTrue();
        assertThat(box.bulkActs().batch(counted.act(), "me", port -> true).more())
                .isFalse();
        BulkAct stopped = box.bulkActs().find(id).orElseThrow();
        assertThat(stopped.state()).isEqualTo(BulkAct.State.STOPPED);
        assertThat(stopped.done()).isPositive().isLessThan(MANY);
        assertThat(records(Kind.SUSPENDED)).isEqualTo(stopped.done());
        assertThat(box.bulkActs().stop(id, "again")).isFalse();
    }

    @Test
    void skipMessagesThatTheActorMayNoLongerActOn() throws Exception {
        submit(3);
        BulkActs.Counted counted = count(MessageAct.SUSPEND);
        box.bulkActs().confirm(counted.act().id(), counted.confirm(), Optional.of("me"));
        BulkActs.Batch batch = box.bulkActs().batch(counted.act(), "me", "Alerts"::equals);
        assertThat(batch.left()).hasSize(3).allMatch(each -> each.why().contains("may no longer act"));
        assertThat(box.bulkActs().find(counted.act().id()).orElseThrow().refused())
                .isEqualTo(3);
    }

    @Test
    void areForgottenAfterAWeek() throws Exception {
        submit(1);
        String id = count(MessageAct.SUSPEND).act().id();
        clock.advance(Duration.ofDays(8));
        box.upkeep().run();
        assertThat(box.bulkActs().find(id)).isEmpty();
    }
}
