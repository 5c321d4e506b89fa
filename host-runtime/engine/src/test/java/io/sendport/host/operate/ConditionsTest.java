package io.sendport.host.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.Routing;
import io.sendport.config.port.PortState;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Report;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Verdict;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What status shows, on a message box whose instances are rows. */
class ConditionsTest {

    private static final int MESSAGES = Boolean.getBoolean("sendport.deep") ? 10_000 : 1_000;

    private static final Actor ME = new Actor("me@here", "test");
    private static final String RELAY = "mail.example:25";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBox box;
    private Operations operations;

    @BeforeEach
    void open() throws Exception {
        StringBuilder ports = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            ports.append("<sendPort name='P")
                    .append(i)
                    .append("' host='H'><mail from='a@corp.example' to='b@customer.example'/>");
            ports.append(i == 49 ? "<expect within='PT15M' atLeast='2' per='P1D'/>" : "")
                    .append("</sendPort>");
        }
        Path file = Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:sendport.db"/>
                  <host name="H"><smtp host="127.0.0.1" port="25" tls="none"/></host>
                  %s
                </sendport>
                """.formatted(ports));
        Routing routing = new ConfigurationReader(new CamelPlaceholders()).readRouting(file);
        box = MessageBox.open(routing.messageBox(), Access.CREATE, clock);
        operations =
                Operations.over(() -> routing, box, new SubmissionService(routing, box, port -> {}), Optional.empty());
        routing.ports().keySet().forEach(port -> box.ports().initialize(port, PortState.STARTED));
        box.instances().started("H@one", "H");
        box.instances().started("H@two", "H");
    }

    @AfterEach
    void close() {
        box.close();
    }

    private String submit(String port) {
        return TestBox.submit(box, clock, port).id().value();
    }

    private void tell(String instance, Condition... conditions) {
        box.reports()
                .publish(instance, new Report(List.of(conditions), List.of(), List.of()), Map.of(), clock.instant());
    }

    private Condition unreachable(String... ports) {
        return Condition.of(ConditionKind.RELAY_UNREACHABLE, RELAY, Severity.ATTENTION, clock.instant(), "refused")
                .counting(3)
                .at(List.of(ports));
    }

    private List<Condition> now() {
        return operations.conditions().now();
    }

    private void live(Duration time) {
        clock.advance(time);
        box.instances().renew("H@one");
        box.instances().renew("H@two");
    }

    @Test
    void areEmptyWhenThereIsNoProblem() {
        submit("P0");
        assertThat(now()).isEmpty();
        StatusView status = operations.status().now();
        assertThat(status.verdict()).isEqualTo(Verdict.DELIVERING);
        assertThat(status.waiting()).isEqualTo(1);
    }

    @Test
    void areMergedWhenTwoInstancesReportTheSameRelay() {
        tell("H@one", unreachable("P0", "P1"));
        tell("H@two", unreachable("P1"));
        assertThat(now()).singleElement().satisfies(each -> {
            assertThat(each.instances()).containsExactly("H@one", "H@two");
            assertThat(each.ports()).containsExactly("P0", "P1");
            assertThat(each.count()).isEqualTo(6);
        });
    }

    /** An instance may renew its lease between two readings of the table. */
    @Test
    void doNotReportAnInstanceAsDeadWhenItJustRenewedItsLease() {
        submit("P0");
        Conditions conditions = operations.conditions();
        Conditions.Snapshot before = conditions.read();
        live(Duration.ofSeconds(1));
        Conditions.Snapshot mixed = new Conditions.Snapshot(
                before.now(),
                conditions.read().open(),
                before.alive(),
                before.counts(),
                before.states(),
                before.retrying(),
                before.activity());
        assertThat(conditions.evaluate(mixed)).isEmpty();
    }

    @Test
    void ignoreReportsOfADeadInstance() {
        tell("H@one", unreachable("P0"));
        clock.advance(box.instances().lease().plusSeconds(1));
        box.instances().renew("H@two");
        assertThat(now())
                .extracting(Condition::kind, each -> each.subject().name())
                .containsExactly(org.assertj.core.groups.Tuple.tuple(ConditionKind.INSTANCE_DIED, "H@one"));
        box.instances().declareLapsedDead(java.util.Set.of("H@two"));
        assertThat(now()).isEmpty();
        assertThat(box.reports().conditions(java.util.Set.of("H@one"))).isEmpty();
    }

    @Test
    void omitLateMessagesWhenTheCauseIsKnown() {
        for (int i = 0; i < 40; i++) {
            submit("P" + i % 10);
        }
        tell("H@one", unreachable(IntStream.range(0, 10).mapToObj(i -> "P" + i).toArray(String[]::new)));
        live(Duration.ofHours(2));
        assertThat(now()).extracting(Condition::kind).containsExactly(ConditionKind.RELAY_UNREACHABLE);
    }

    @Test
    void reportTheCauseOfSuspendedMessagesOnceForAllPorts() {
        for (int i = 0; i < 30; i++) {
            String id = submit("P" + i % 3);
            operations.messages().act(List.of(MessageAct.SUSPEND), id, ME);
        }
        assertThat(now()).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo(ConditionKind.MESSAGES_SUSPENDED);
            assertThat(each.count()).isEqualTo(30);
            assertThat(each.ports()).containsExactly("P0", "P1", "P2");
        });
    }

    @Test
    void sayWhoStoppedAPortAndWhy() {
        submit("P3");
        box.ports().set("P3", PortState.STOPPED, new Actor("ann@desk", "the relay is moved"));
        assertThat(now()).singleElement().satisfies(each -> assertThat(each.detail())
                .contains("stopped since", "by ann@desk", "the relay is moved"));
    }

    @Test
    void reportAMessageAsLateAfterTheExpectedTimeOfItsPort() {
        submit("P0");
        submit("P49");
        live(Duration.ofMinutes(16));
        assertThat(now())
                .extracting(Condition::kind, each -> each.subject().name())
                .containsExactly(org.assertj.core.groups.Tuple.tuple(ConditionKind.MESSAGES_LATE, "P49"));
        live(Duration.ofMinutes(45));
        assertThat(now()).extracting(each -> each.subject().name()).containsExactly("P0", "P49");
        assertThat(operations.status().now().verdict()).isEqualTo(Verdict.NOT_DELIVERING);
    }

    @Test
    void measureLatenessFromTheTimeAMessageIsResumed() {
        String id = submit("P49");
        operations.messages().act(List.of(MessageAct.SUSPEND), id, ME);
        live(Duration.ofMinutes(60));
        operations.messages().act(List.of(MessageAct.RESUME), id, ME);
        live(Duration.ofMinutes(14));
        assertThat(now()).isEmpty();
        live(Duration.ofMinutes(2));
        assertThat(now()).extracting(Condition::kind).containsExactly(ConditionKind.MESSAGES_LATE);
    }

    @Test
    void reportAPortThatSendsFewerMessagesThanExpected() {
        live(Duration.ofHours(20));
        assertThat(now()).as("the port has not been known for a day").isEmpty();
        box.reports().publish("H@one", Report.NOTHING, Map.of("P49", 2L), clock.instant());
        live(Duration.ofHours(23));
        assertThat(now()).as("two within a day").isEmpty();
        live(Duration.ofHours(3));
        assertThat(now()).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo(ConditionKind.PORT_SILENT);
            assertThat(each.detail()).startsWith("0 of at least 2");
        });
    }

    @Test
    void stayFewWithTheCauseFirstForManyMessages() {
        for (int i = 0; i < MESSAGES; i++) {
            submit("P" + i % 49);
        }
        tell(
                "H@one",
                Condition.of(ConditionKind.MESSAGES_DEFERRED, "P11", Severity.INFO, clock.instant(), "451")
                        .at(List.of("P11")),
                unreachable(IntStream.range(0, 10).mapToObj(i -> "P" + i).toArray(String[]::new)));
        List<Condition> conditions = now();
        assertThat(conditions)
                .extracting(Condition::kind)
                .containsExactly(ConditionKind.RELAY_UNREACHABLE, ConditionKind.MESSAGES_DEFERRED);
        assertThat(new HashSet<>(conditions)).hasSameSizeAs(conditions);
        assertThat(operations.status().now().waiting()).isEqualTo(MESSAGES);
    }
}
