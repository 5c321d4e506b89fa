package io.sendport.host.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.Rest;
import io.sendport.api.mail.MailAddress;
import io.sendport.config.port.RetryRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DecisionTest {

    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final RetryRule RULE = RetryRule.DEFAULT;
    private static final RetryRule HOLD =
            new RetryRule(3, Duration.ofMinutes(5), 2, Optional.empty(), Optional.empty(), true);

    private static List<RecipientResult> results(Outcome... outcomes) {
        List<RecipientResult> results = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            Handover handover =
                    switch (outcome) {
                        case ACCEPTED -> Handover.HANDED_OVER;
                        case IN_DOUBT -> Handover.UNKNOWN;
                        case DEFERRED, REFUSED -> Handover.NOT_HANDED_OVER;
                    };
            results.add(new RecipientResult(
                    MailAddress.parse("r" + results.size() + "@customer.example"),
                    outcome,
                    handover,
                    "451 4.3.0 " + outcome,
                    Facts.of(Facts.PHASE, "RCPT")));
        }
        return results;
    }

    private static NextAction after(RetryRule rule, int attempts, Outcome... outcomes) {
        return Decision.after(results(outcomes), new Terms(rule, false, true), attempts, NOW, NOW, Advice.NONE);
    }

    @Test
    void isDoneWhenEveryoneAccepted() {
        assertThat(after(RULE, 1, Outcome.ACCEPTED, Outcome.ACCEPTED)).isEqualTo(new NextAction.Done());
    }

    @Test
    void retriesAfterTheIntervalAsBizTalkDoes() {
        assertThat(after(RULE, 1, Outcome.ACCEPTED, Outcome.DEFERRED))
                .isEqualTo(new NextAction.Retry(NOW.plus(Duration.ofMinutes(5))));
        assertThat(after(RULE, 3, Outcome.DEFERRED)).isInstanceOf(NextAction.Retry.class);
        assertThat(after(RULE, 4, Outcome.DEFERRED)).isInstanceOf(NextAction.Suspend.class);
    }

    @Test
    void countsNoRetryWhileThePortIsPaused() {
        Instant later = NOW.plusSeconds(60);
        assertThat(Decision.after(
                        results(Outcome.DEFERRED),
                        new Terms(RULE, false, true),
                        99,
                        NOW,
                        NOW,
                        new Advice(
                                Optional.empty(),
                                Optional.of(new Rest(Rest.Cause.CREDENTIAL, later, "quarantine")),
                                false,
                                "")))
                .isEqualTo(new NextAction.Retry(NOW, false));
        assertThat(Decision.after(
                        results(Outcome.DEFERRED),
                        new Terms(RULE, false, true),
                        1,
                        NOW,
                        NOW,
                        new Advice(
                                Optional.empty(),
                                Optional.of(new Rest(Rest.Cause.RELAY, Instant.MAX, "stopped")),
                                false,
                                "")))
                .isEqualTo(new NextAction.Retry(NOW, false));
    }

    @Test
    void waitsAsLongAsTheAdapterAdvises() {
        assertThat(Decision.after(
                        results(Outcome.DEFERRED),
                        new Terms(RULE, false, true),
                        1,
                        NOW,
                        NOW,
                        new Advice(Optional.of(Duration.ofMinutes(1)), Optional.empty(), false, "rule")))
                .isEqualTo(new NextAction.Retry(NOW.plus(Duration.ofMinutes(1))));
    }

    @Test
    void switchesToTheBackupTransportAfterTheLastRetry() {
        Terms withBackup = new Terms(RULE, true, true);
        assertThat(Decision.after(results(Outcome.DEFERRED), withBackup, 3, NOW, NOW, Advice.NONE))
                .isInstanceOf(NextAction.Retry.class);
        assertThat(Decision.after(results(Outcome.DEFERRED), withBackup, 4, NOW, NOW, Advice.NONE))
                .isInstanceOf(NextAction.Backup.class);
        assertThat(Decision.after(results(Outcome.REFUSED), withBackup, 1, NOW, NOW, Advice.NONE))
                .as("the message is refused, not the way")
                .isInstanceOf(NextAction.Suspend.class);
        Advice atOnce = new Advice(Optional.empty(), Optional.empty(), true, "rule");
        assertThat(Decision.after(results(Outcome.DEFERRED), withBackup, 1, NOW, NOW, atOnce))
                .isInstanceOf(NextAction.Backup.class);
        assertThat(Decision.after(results(Outcome.DEFERRED), new Terms(RULE, false, true), 1, NOW, NOW, atOnce))
                .isInstanceOf(NextAction.Retry.class);
    }

    @Test
    void waitsLongerEachTimeWithBackoff() {
        assertThat(after(HOLD, 2, Outcome.DEFERRED)).isEqualTo(new NextAction.Retry(NOW.plus(Duration.ofMinutes(10))));
    }

    @Test
    void suspendsARefusedMessageWithTheReasonAndRecipient() {
        assertThat(after(RULE, 1, Outcome.ACCEPTED, Outcome.REFUSED))
                .isInstanceOfSatisfying(NextAction.Suspend.class, next -> assertThat(next.why())
                        .contains("r1@customer.example")
                        .contains("REFUSED"));
    }

    @Test
    void retriesDeferredRecipientsBeforeSuspendingForRefusedOnes() {
        assertThat(after(RULE, 1, Outcome.REFUSED, Outcome.DEFERRED)).isInstanceOf(NextAction.Retry.class);
    }

    @Test
    void holdsAMessageInDoubtOnlyWhenConfigured() {
        assertThat(after(RULE, 1, Outcome.IN_DOUBT)).isInstanceOf(NextAction.Retry.class);
        assertThat(after(HOLD, 1, Outcome.IN_DOUBT, Outcome.DEFERRED)).isInstanceOf(NextAction.Hold.class);
    }

    @Test
    void givesUpOnAMessageThatIsTooOld() {
        RetryRule rule = new RetryRule(
                1000, Duration.ofMinutes(5), 1, Optional.empty(), Optional.of(Duration.ofHours(1)), false);
        NextAction next = Decision.after(results(Outcome.DEFERRED), rule, 2, NOW.minus(Duration.ofHours(2)), NOW);
        assertThat(next).isInstanceOfSatisfying(NextAction.Suspend.class, why -> assertThat(why.why())
                .contains("older than maxAge (PT1H)"));
    }

    @Test
    void escapesControlCharactersInReasons() {
        String said = "a\u001B[2J\nforged\u202E";
        String shown = "a\\u001B[2J\\u000Aforged\\u202E";
        assertThat(new NextAction.Suspend(said).why()).isEqualTo(shown);
        assertThat(new NextAction.Backup(said).why()).isEqualTo(shown);
        assertThat(new NextAction.Hold(said).why()).isEqualTo(shown);
    }

    @Property
    void isDoneIfAndOnlyIfEveryoneAccepted(
            @ForAll @Size(min = 1, max = 6) List<Outcome> outcomes,
            @ForAll @IntRange(min = 1, max = 6) int attempts,
            @ForAll boolean hold) {
        NextAction next = after(hold ? HOLD : RULE, attempts, outcomes.toArray(Outcome[]::new));
        assertThat(next instanceof NextAction.Done)
                .isEqualTo(outcomes.stream().allMatch(each -> each == Outcome.ACCEPTED));
        if (next instanceof NextAction.Retry) {
            assertThat(attempts).isLessThanOrEqualTo(3);
        }
        if (hold && outcomes.contains(Outcome.IN_DOUBT)) {
            assertThat(next).isInstanceOf(NextAction.Hold.class);
        }
    }
}
