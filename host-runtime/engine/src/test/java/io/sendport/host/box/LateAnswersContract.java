package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.port.RetryRule;
import io.sendport.host.TestBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.decide.Decision;
import io.sendport.host.decide.NextAction;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance that was frozen after the final dot hears the relay's answer when another one has taken the message over. */
abstract class LateAnswersContract {

    private static final RetryRule HOLD =
            new RetryRule(3, Duration.ofMinutes(5), 1, Optional.empty(), Optional.empty(), true);
    private static final RetryRule RESEND =
            new RetryRule(3, Duration.ofMinutes(5), 1, Optional.empty(), Optional.empty(), false);
    private static final RetryRule NEVER_AGAIN =
            new RetryRule(0, Duration.ofMinutes(5), 1, Optional.empty(), Optional.empty(), false);
    private static final Actor ME = new Actor("me", "looked");
    private static final String A = "a@customer.example";
    private static final String B = "b@customer.example";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBoxSettings settings;
    private MessageBox box;
    private MessageRow frozen;
    private Delivery delivery;
    private RetryRule retry = HOLD;

    /** A message box that isn't there yet. */
    abstract MessageBoxSettings settings(Path place);

    @BeforeEach
    void open() {
        settings = settings(folder);
        box = TestBox.open(settings, clock);
    }

    @AfterEach
    void everythingIsOnTheLedger() {
        assertThat(TestBox.verify(box, settings.place()).fault()).isEmpty();
        box.close();
    }

    private Terms terms() {
        return new Terms(retry, false, true);
    }

    /** An attempt for these is open when its instance is taken for dead, and another one takes it over. */
    private void frozen(RetryRule rule, String... recipients) throws Exception {
        retry = rule;
        TestBox.submit(box, clock, "P");
        frozen = box.claims().claim("P", "frozen", 1).get(0);
        delivery = TestBox.delivery(frozen, recipients);
        TestBox.start(box, frozen, delivery, "frozen", true);
        TestBox.bury(box, "frozen");
        box.claims().takeOver(row -> terms());
    }

    private MessageRow now() {
        return box.queries().byPrefix(frozen.id().value()).get(0);
    }

    private Optional<NextAction> answered(DeliveryResult result) {
        assertThatThrownBy(() -> box.attempts().settle(frozen, delivery, 1, "frozen", result, Optional.empty()))
                .isInstanceOf(Attempts.LeaseLostException.class);
        return box.lateAnswers()
                .settle(
                        frozen,
                        delivery,
                        1,
                        "frozen",
                        result,
                        (row, all) -> Decision.after(
                                all, terms(), row.tries(), row.submittedAt(), clock.instant(), result.advice()));
    }

    private Optional<NextAction> answered(Outcome outcome) {
        return answered(TestBox.result(delivery, outcome));
    }

    private List<AuditRecord> records() {
        List<AuditRecord> records = new ArrayList<>();
        box.ledger().read(AuditFilter.ofMessage(frozen.id().value()), records::add);
        return records;
    }

    private List<String> kinds() {
        return records().stream().map(each -> each.header("kind")).toList();
    }

    private List<Outcome> outcomes() {
        return box.attempts().deliveries(now()).get(0).recipients().stream()
                .map(RecipientResult::outcome)
                .toList();
    }

    @Test
    void completesAMessageThatIsHeldInDoubt() throws Exception {
        frozen(HOLD, A);
        assertThat(now().state()).isEqualTo(MessageState.IN_DOUBT);
        assertThat(answered(Outcome.ACCEPTED)).contains(new NextAction.Done());
        assertThat(now().state()).isEqualTo(MessageState.DONE);
        assertThat(kinds()).containsExactly("SUBMITTED", "ATTEMPT_STARTED", "IN_DOUBT", "ACCEPTED");
        AuditRecord accepted = records().get(3);
        assertThat(accepted.header("attempt")).isEqualTo("1");
        assertThat(accepted.header("instance")).isEqualTo("frozen");
        assertThat(accepted.detail("detail")).isEqualTo("answered after instance frozen had been declared dead");
        assertThat(accepted.secret().toString()).contains("250 2.0.0 Ok: queued as 1");
        assertThat(answered(Outcome.ACCEPTED)).as("told twice").isEmpty();
        assertThat(kinds()).hasSize(4);
    }

    @Test
    void cancelsARetryThatIsNotClaimed() throws Exception {
        frozen(RESEND, A);
        assertThat(now().state()).isEqualTo(MessageState.RETRYING);
        assertThat(answered(Outcome.ACCEPTED)).contains(new NextAction.Done());
        assertThat(now().state()).isEqualTo(MessageState.DONE);
        assertThat(box.claims().claim("P", "other", 1)).isEmpty();
    }

    @Test
    void cancelsARetryThatIsClaimedButNotStarted() throws Exception {
        frozen(RESEND, A);
        MessageRow inHand = box.claims().claim("P", "other", 1).get(0);
        assertThat(answered(Outcome.ACCEPTED)).contains(new NextAction.Done());
        assertThat(now().state()).isEqualTo(MessageState.DONE);
        assertThatThrownBy(() -> TestBox.start(box, inHand, delivery, "other", false))
                .isInstanceOf(Attempts.LeaseLostException.class);
    }

    @Test
    void completesTheMessageEvenIfTheSecondCopyIsDeferred() throws Exception {
        frozen(RESEND, A);
        MessageRow inHand = box.claims().claim("P", "other", 1).get(0);
        int second = TestBox.start(box, inHand, delivery, "other", false);
        assertThat(answered(Outcome.ACCEPTED)).as("another one is at it").isEmpty();
        assertThat(now().state()).isEqualTo(MessageState.SENDING);
        assertThat(kinds()).endsWith("IN_DOUBT", "ATTEMPT_STARTED", "ACCEPTED");
        Optional<NextAction> next = box.attempts()
                .settle(
                        inHand,
                        delivery,
                        second,
                        "other",
                        TestBox.result(delivery, Outcome.DEFERRED),
                        Optional.of(all -> Decision.after(all, RESEND, 2, inHand.submittedAt(), clock.instant())));
        assertThat(next).as("there is no third copy").contains(new NextAction.Done());
        assertThat(now().state()).isEqualTo(MessageState.DONE);
    }

    @Test
    void completesASuspendedMessage() throws Exception {
        frozen(NEVER_AGAIN, A);
        assertThat(now().state()).isEqualTo(MessageState.SUSPENDED);
        answered(Outcome.ACCEPTED);
        assertThat(now().state()).isEqualTo(MessageState.DONE);
    }

    @Test
    void isRecordedButDoesNotChangeAResolvedMessage() throws Exception {
        frozen(HOLD, A);
        assertThat(box.acts().act(MessageAct.RESOLVE, now(), ME)).isEmpty();
        assertThat(answered(Outcome.ACCEPTED)).isEmpty();
        assertThat(now().state()).isEqualTo(MessageState.DONE);
        assertThat(kinds()).endsWith("IN_DOUBT", "RESOLVED", "ACCEPTED");
    }

    @Test
    void isRecordedButDoesNotChangeATerminatedMessage() throws Exception {
        frozen(HOLD, A);
        assertThat(box.acts().act(MessageAct.TERMINATE, now(), ME)).isEmpty();
        assertThat(answered(Outcome.ACCEPTED)).isEmpty();
        assertThat(now().state()).isEqualTo(MessageState.TERMINATED);
        assertThat(kinds()).endsWith("TERMINATED", "ACCEPTED");
        assertThat(records().get(records().size() - 1).detail("next")).isEqualTo("the message stays terminated");
    }

    @Test
    void retriesTheMessageWhenItWasDeferred() throws Exception {
        frozen(HOLD, A);
        assertThat(answered(Outcome.DEFERRED)).containsInstanceOf(NextAction.Retry.class);
        assertThat(now().state()).isEqualTo(MessageState.RETRYING);
        assertThat(now().dueAt()).isEqualTo(clock.instant().plus(HOLD.interval()));
        assertThat(outcomes()).containsExactly(Outcome.DEFERRED);
    }

    @Test
    void suspendsTheMessageWhenItWasRefused() throws Exception {
        frozen(RESEND, A);
        assertThat(answered(Outcome.REFUSED)).containsInstanceOf(NextAction.Suspend.class);
        assertThat(now().state()).isEqualTo(MessageState.SUSPENDED);
        assertThat(kinds()).endsWith("IN_DOUBT", "REFUSED", "SUSPENDED");
    }

    @Test
    void doesNotOverrideALaterAttemptWhenItIsARefusal() throws Exception {
        frozen(RESEND, A);
        MessageRow inHand = box.claims().claim("P", "other", 1).get(0);
        int second = TestBox.start(box, inHand, delivery, "other", false);
        box.attempts()
                .settle(
                        inHand,
                        delivery,
                        second,
                        "other",
                        TestBox.result(delivery, Outcome.IN_DOUBT),
                        Optional.of(all -> Decision.after(all, HOLD, 2, inHand.submittedAt(), clock.instant())));
        assertThat(answered(Outcome.REFUSED)).isEmpty();
        assertThat(now().state()).isEqualTo(MessageState.IN_DOUBT);
        assertThat(outcomes()).as("the second copy is in doubt").containsExactly(Outcome.IN_DOUBT);
        assertThat(kinds()).endsWith("IN_DOUBT", "REFUSED");
    }

    @Test
    void isIgnoredWhenItLeavesEverythingInDoubt() throws Exception {
        frozen(HOLD, A);
        assertThat(answered(Outcome.IN_DOUBT)).isEmpty();
        assertThat(now().state()).isEqualTo(MessageState.IN_DOUBT);
        assertThat(kinds()).endsWith("IN_DOUBT").hasSize(3);
    }

    @Test
    void retriesOnlyRecipientsThatWereNotAccepted() throws Exception {
        frozen(RESEND, A, B);
        DeliveryResult mixed = DeliveryResult.of(List.of(
                        new RecipientResult(MailAddress.parse(A), Outcome.ACCEPTED, Handover.HANDED_OVER, "250 ok"),
                        new RecipientResult(
                                MailAddress.parse(B), Outcome.DEFERRED, Handover.NOT_HANDED_OVER, "451 later")))
                .from("relay:25");
        assertThat(answered(mixed)).isEmpty();
        assertThat(now().state()).isEqualTo(MessageState.RETRYING);
        assertThat(outcomes()).containsExactly(Outcome.ACCEPTED, Outcome.DEFERRED);
        assertThat(box.attempts().deliveries(now()).get(0).open()).hasToString("[" + B + "]");
    }

    @Test
    void isRecordedWhenTheMessageNoLongerExists() throws Exception {
        frozen(HOLD, A);
        assertThat(box.acts().act(MessageAct.TERMINATE, now(), ME)).isEmpty();
        clock.advance(Duration.ofDays(1));
        for (int i = 0; i < 40; i++) {
            box.upkeep().run();
            clock.advance(Duration.ofDays(1));
        }
        assertThat(box.queries().byPrefix(frozen.id().value())).isEmpty();
        assertThat(answered(Outcome.ACCEPTED)).isEmpty();
        List<AuditRecord> accepted = new ArrayList<>();
        box.ledger().read(AuditFilter.all().with("kind", "ACCEPTED"), accepted::add);
        assertThat(accepted).singleElement().satisfies(each -> {
            assertThat(each.detail("mimeMessageId")).isEqualTo(delivery.mimeMessageId());
            assertThat(each.detail("next")).isEqualTo("the message no longer exists");
        });
    }
}
