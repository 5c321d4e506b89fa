package io.sendport.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.PeerFault;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.host.box.control.Report;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Severity;
import io.sendport.host.decide.NextAction;
import io.sendport.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryHistoryTest {

    private static final MailAddress BOB = MailAddress.parse("bob@customer.example");
    private static final String RELAY = "mail.example:25";

    private final SettableClock clock = new SettableClock();
    private final DeliveryHistory history = new DeliveryHistory(clock);

    private static DeliveryResult result(Outcome outcome, Handover handover) {
        return DeliveryResult.of(List.of(new RecipientResult(BOB, outcome, handover, "said")))
                .from(RELAY);
    }

    private void fails(String port, PeerFault.Kind kind) {
        history.attempted(
                port,
                result(Outcome.DEFERRED, Handover.NOT_HANDED_OVER)
                        .with(Contact.NONE)
                        .with(new PeerFault(kind, "refused")),
                Optional.of(new NextAction.Retry(clock.instant().plusSeconds(60))));
    }

    private void succeeds(String port) {
        history.attempted(port, result(Outcome.ACCEPTED, Handover.HANDED_OVER), Optional.of(new NextAction.Done()));
    }

    private List<Condition> conditions() {
        return history.conditions(port -> true);
    }

    @Test
    void raisesTheSeverityTheLongerARelayFails() {
        fails("P", PeerFault.Kind.UNREACHABLE);
        assertThat(conditions()).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo(ConditionKind.RELAY_UNREACHABLE);
            assertThat(each.severity()).isEqualTo(Severity.INFO);
            assertThat(each.until()).contains(clock.instant().plusSeconds(60));
        });
        fails("P", PeerFault.Kind.UNREACHABLE);
        fails("Q", PeerFault.Kind.UNREACHABLE);
        fails("P", PeerFault.Kind.UNREACHABLE);
        assertThat(conditions()).singleElement().satisfies(each -> {
            assertThat(each.severity()).isEqualTo(Severity.ATTENTION);
            assertThat(each.ports()).containsExactly("P", "Q");
            assertThat(each.count()).isEqualTo(4);
        });
        clock.advance(Duration.ofMinutes(5));
        assertThat(conditions()).singleElement().extracting(Condition::severity).isEqualTo(Severity.FAILING);
        succeeds("P");
        succeeds("Q");
        assertThat(conditions()).isEmpty();
    }

    @Test
    void refusedCredentialsNeedAttentionAtOnce() {
        fails("P", PeerFault.Kind.LOG_ON);
        assertThat(conditions()).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo(ConditionKind.CREDENTIAL_REFUSED);
            assertThat(each.severity()).isEqualTo(Severity.ATTENTION);
        });
    }

    @Test
    void aDifferentFaultOfTheSameRelayReplacesTheCondition() {
        fails("P", PeerFault.Kind.UNREACHABLE);
        fails("P", PeerFault.Kind.UNREACHABLE);
        clock.advance(Duration.ofMinutes(1));
        fails("P", PeerFault.Kind.CERTIFICATE_DATES);
        assertThat(conditions()).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo(ConditionKind.RELAY_CERTIFICATE_DATES);
            assertThat(each.count()).isEqualTo(1);
            assertThat(each.since()).isEqualTo(clock.instant());
        });
    }

    @Test
    void aRelayThatRefusesAMailIsHealthy() {
        fails("P", PeerFault.Kind.UNREACHABLE);
        history.attempted(
                "P", result(Outcome.REFUSED, Handover.NOT_HANDED_OVER), Optional.of(new NextAction.Suspend("refused")));
        assertThat(conditions()).isEmpty();
        assertThat(history.lastAccepted("P")).isEmpty();
    }

    @Test
    void aFaultExpiresWhenNoMessageIsWaiting() {
        fails("P", PeerFault.Kind.SILENT);
        clock.advance(Duration.ofSeconds(50));
        assertThat(history.conditions(port -> false)).hasSize(1);
        clock.advance(Duration.ofSeconds(20));
        assertThat(conditions()).as("something waits").hasSize(1);
        assertThat(history.conditions(port -> false)).isEmpty();
    }

    @Test
    void reportsASkippedAuditRelay() {
        history.skipped(
                "P",
                result(Outcome.DEFERRED, Handover.NOT_HANDED_OVER)
                        .with(Contact.NONE)
                        .with(new PeerFault(PeerFault.Kind.UNREACHABLE, "refused")));
        assertThat(conditions()).hasSize(1);
    }

    @Test
    void countsTheMessagesOfTheLastMinuteAndThoseNotReportedYet() {
        succeeds("P");
        clock.advance(Duration.ofSeconds(40));
        succeeds("P");
        history.attempted("P", result(Outcome.ACCEPTED, Handover.HANDED_OVER), Optional.empty());
        assertThat(history.activity()).extracting(Report.Activity::lastMinute).containsExactly(2L);
        assertThat(history.takeDelivered()).isEqualTo(Map.of("P", 2L));
        assertThat(history.takeDelivered()).isEmpty();
        clock.advance(Duration.ofSeconds(30));
        assertThat(history.activity()).extracting(Report.Activity::lastMinute).containsExactly(1L);
    }
}
