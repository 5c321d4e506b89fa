package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.Outcome;
import io.sendport.api.message.MessageId;
import io.sendport.config.port.PortState;
import io.sendport.host.TestBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.decide.NextAction;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A claim in memory writes nothing, and the start of the attempt decides whether the message may still be sent. */
class MemoryClaimsTest {

    private static final Actor ME = new Actor("test", "why");

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBox box;
    private MemoryClaims claims;

    @BeforeEach
    void open() {
        box = TestBox.open(folder, clock);
        claims = box.claims().inMemory().orElseThrow();
        claims.open("P");
        // The store may have messages from before, until a look finds none.
        assertThat(look(Set.of())).isEmpty();
    }

    @AfterEach
    void close() {
        assertThat(TestBox.verify(box, TestBox.settings(folder).place()).fault())
                .isEmpty();
        box.close();
    }

    private MessageId submit() {
        return TestBox.submit(box, clock, "P").id();
    }

    private List<MessageRow> claim() {
        return claims.claim("P", 10, Set.of(), false);
    }

    private List<MessageRow> look(Set<Long> inHand) {
        return claims.claim("P", 10, inHand, true);
    }

    private MessageRow row(MessageId id) {
        return box.queries().byPrefix(id.value()).get(0);
    }

    private int start(MessageRow row) throws Exception {
        return TestBox.start(box, row, TestBox.delivery(row, "a@customer.example"), "i", true);
    }

    private List<String> kinds(MessageId id) {
        List<String> kinds = new ArrayList<>();
        box.ledger().read(AuditFilter.ofMessage(id.value()), each -> kinds.add(each.header("kind")));
        return kinds;
    }

    @Test
    void claimsAMessageOfThisProcessOnceWithoutChangingItsRow() {
        MessageId id = submit();
        MessageRow before = row(id);
        assertThat(claim()).containsExactly(before);
        assertThat(row(id)).isEqualTo(before);
        assertThat(before.state()).isEqualTo(MessageState.WAITING);
        assertThat(claim()).as("it is in hand").isEmpty();
        assertThat(look(Set.of(before.seq()))).as("it is in hand").isEmpty();
        assertThat(look(Set.of())).as("its claim is given up").containsExactly(before);
    }

    @Test
    void findsRetriesAndMessagesOfOtherProcessesOnlyInTheStore() throws Exception {
        MessageId other;
        try (MessageBox another = MessageBox.open(TestBox.settings(folder), Access.WRITE, clock)) {
            other = TestBox.submit(another, clock, "P").id();
        }
        assertThat(claim()).isEmpty();
        assertThat(claims.hasDue("P", Set.of())).isTrue();
        MessageRow row = look(Set.of()).get(0);
        assertThat(row.id()).isEqualTo(other);
        assertThat(claims.hasDue("P", Set.of(row.seq()))).isFalse();
        TestBox.attempt(box, clock, row, TestBox.delivery(row, "a@customer.example"), Outcome.DEFERRED);
        assertThat(row(other).state()).isEqualTo(MessageState.RETRYING);
        assertThat(look(Set.of())).as("it is not due").isEmpty();
        clock.advance(Duration.ofHours(1));
        assertThat(look(Set.of())).containsExactly(row(other));
    }

    @Test
    void claimsTheOldestMessagesFirstWhenTheStoreHasMore() {
        claims.open("P");
        MessageId first = submit();
        MessageId second = submit();
        assertThat(claims.claim("P", 1, Set.of(), false))
                .extracting(MessageRow::id)
                .containsExactly(first);
        MessageId third = submit();
        assertThat(claims.claim("P", 3, Set.of(row(first).seq()), false))
                .extracting(MessageRow::id)
                .containsExactly(second, third);
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageAct.class,
            names = {"TERMINATE", "SUSPEND", "FORCE", "HOLD"})
    void anActOnAClaimedMessagePreventsTheAttempt(MessageAct act) throws Exception {
        MessageId id = submit();
        MessageRow claimed = claim().get(0);
        assertThat(box.acts().act(act, row(id), ME)).isEmpty();
        assertThatThrownBy(() -> start(claimed)).isInstanceOf(Attempts.ChangedException.class);
        assertThat(row(id).attempts()).isZero();
        assertThat(box.attempts().deliveries(row(id))).isEmpty();
        assertThat(kinds(id)).doesNotContain("ATTEMPT_STARTED");
        if (act == MessageAct.HOLD) {
            assertThat(start(look(Set.of()).get(0))).isEqualTo(1);
        }
    }

    @Test
    void aStartedAttemptLeasesTheMessageAndIsInDoubtIfItsInstanceDies() throws Exception {
        MessageId id = submit();
        MessageRow claimed = claim().get(0);
        start(claimed);
        assertThat(row(id).state()).isEqualTo(MessageState.SENDING);
        assertThat(box.acts().act(MessageAct.TERMINATE, row(id), ME)).isPresent();
        assertThatThrownBy(() -> start(claimed)).as("it is under way").isInstanceOf(Attempts.ChangedException.class);
        TestBox.bury(box, "i");
        assertThat(box.claims().takeOver(row -> Terms.DEFAULT))
                .extracting(Claims.Taken::attempted)
                .containsExactly(true);
        assertThat(kinds(id)).containsSequence("ATTEMPT_STARTED", "IN_DOUBT");
    }

    @Test
    void reportsAClaimedMessageAsChangedAfterItIsTerminated() {
        MessageId id = submit();
        MessageRow claimed = claim().get(0);
        assertThat(box.inbox().next(claimed).id()).isEqualTo(id);
        box.acts().act(MessageAct.TERMINATE, row(id), ME);
        assertThatThrownBy(() -> box.inbox().next(claimed)).isInstanceOf(Attempts.ChangedException.class);
        assertThatThrownBy(() -> box.inbox().load(claimed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("deleted");
    }

    @Test
    void aPortThatIsStoppedStartsNoAttempt() throws Exception {
        box.ports().initialize("P", PortState.STARTED);
        submit();
        MessageRow claimed = claim().get(0);
        box.ports().set("P", PortState.STOPPED, ME);
        assertThatThrownBy(() -> start(claimed)).isInstanceOf(Attempts.ChangedException.class);
        assertThat(look(Set.of())).isEmpty();
    }

    @Test
    void consumesOrSuspendsAMessageUnlessItWasTerminatedFirst() {
        MessageRow consumed = row(submit());
        box.attempts().consumed(consumed, "i", "test", "[]");
        assertThat(row(consumed.id()).state()).isEqualTo(MessageState.CONSUMED);
        MessageRow refused = row(submit());
        NextAction.Suspend why = new NextAction.Suspend("no certificate", true);
        box.attempts().suspend(refused, "i", why, "[]", "");
        assertThat(row(refused.id()).state()).isEqualTo(MessageState.SUSPENDED);
        MessageRow terminated = row(submit());
        box.acts().act(MessageAct.TERMINATE, terminated, ME);
        assertThatThrownBy(() -> box.attempts().consumed(terminated, "i", "test", "[]"))
                .isInstanceOf(Attempts.ChangedException.class);
        assertThatThrownBy(() -> box.attempts().suspend(terminated, "i", why, "[]", ""))
                .isInstanceOf(Attempts.ChangedException.class);
        assertThat(row(terminated.id()).state()).isEqualTo(MessageState.TERMINATED);
    }

    @Test
    void aReleasedMessageIsDueAgainAfterItsPause() {
        MessageRow row = row(submit());
        box.claims().release(List.of(row), "i", Duration.ZERO);
        assertThat(row(row.id())).as("nothing to write").isEqualTo(row);
        box.claims().release(List.of(row), "i", Duration.ofMinutes(1));
        assertThat(look(Set.of())).isEmpty();
        clock.advance(Duration.ofMinutes(2));
        assertThat(look(Set.of())).hasSize(1);
        box.claims().abandon(row, "i", Terms.DEFAULT);
        assertThat(look(Set.of())).as("it failed at an unknown point").isEmpty();
        box.acts().act(MessageAct.TERMINATE, row(row.id()), ME);
        box.claims().abandon(row, "i", Terms.DEFAULT);
        assertThat(row(row.id()).state()).isEqualTo(MessageState.TERMINATED);
    }
}
