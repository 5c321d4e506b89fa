package io.sendport.host.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Receipt;
import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.LogLevel;
import io.sendport.host.box.control.PortAct;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator can do, as values, on a message box on which no host runs. */
class OperationsTest {

    private static final Actor ME = new Actor("me@here", "test");

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final List<String> woken = new ArrayList<>();
    private MessageBox box;
    private Operations operations;

    @BeforeEach
    void open() throws Exception {
        Path file = Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:sendport.db"/>
                  <host name="H"><smtp host="127.0.0.1" port="25" tls="none"/></host>
                  <sendPort name="Invoices" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                  <sendPort name="Alerts" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                  <sendPortGroup name="Everyone"><member port="Invoices"/><member port="Alerts"/></sendPortGroup>
                </sendport>
                """);
        Routing routing = new ConfigurationReader(new CamelPlaceholders()).readRouting(file);
        box = MessageBox.open(routing.messageBox(), Access.CREATE, clock);
        operations =
                Operations.over(() -> routing, box, new SubmissionService(routing, box, woken::add), Optional.empty());
    }

    @AfterEach
    void close() {
        box.close();
    }

    @Test
    void findsAllPortsOfAHostByItsName() throws Exception {
        Routing routing = new ConfigurationReader(new CamelPlaceholders()).readRouting(folder.resolve("sendport.xml"));
        assertThat(Ports.ofHost(routing, "H")).containsExactly("Alerts", "Invoices");
        assertThatThrownBy(() -> Ports.ofHost(routing, "h"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("no ports are configured on host \"h\"; expected one of [H]");
    }

    private String submit() {
        return TestBox.submit(box, clock, "Invoices").id().value();
    }

    private static Refusal refusal(ThrowingCallable what) {
        List<Refusal> refusals = new ArrayList<>();
        assertThatThrownBy(what).isInstanceOfSatisfying(RefusedException.class, e -> refusals.add(e.refusal()));
        return refusals.get(0);
    }

    @Test
    void listsEachPortOnceInTheOrderOfTheConfiguration() {
        submit();
        assertThat(operations.ports().list(List.of("*s", "Alerts", "Inv*")))
                .extracting(PortView::name)
                .containsExactly("Invoices", "Alerts");
        PortView invoices = operations.ports().list(List.of("Invoices")).get(0);
        assertThat(invoices.waiting()).isEqualTo(1);
        assertThat(invoices.waitsFor()).contains(PortNeed.INSTANCE);
        assertThat(refusal(() -> operations.ports().list(List.of("Nope")))).isInstanceOf(Refusal.NotFound.class);
    }

    @Test
    void wakesThePortOfAResubmittedMessage() {
        String id = submit();
        Receipt again = operations
                .submissions()
                .resubmit(id, new Resubmission(Optional.of("Alerts"), Map.of(), Optional.empty()), ME);
        assertThat(again.port()).isEqualTo("Alerts");
        assertThat(woken).containsExactly("Alerts");
    }

    @Test
    void allowsDebugLevelsOnlyForSendportLoggers() {
        LogLevelOperations logging = operations.logging();
        Duration hour = Duration.ofHours(1);
        for (String library : List.of("root", "org.apache.camel", "io.sendportal", "com.zaxxer.hikari")) {
            assertThat(refusal(() -> logging.set(library, LogLevel.DEBUG, hour, ME))
                            .text())
                    .contains("only loggers below io.sendport");
            logging.set(library, LogLevel.INFO, hour, ME);
        }
        logging.set("io.sendport.smtp", LogLevel.TRACE, hour, ME);
        assertThat(refusal(() -> logging.set("a b", LogLevel.INFO, hour, ME)).text())
                .contains("name of a logger");
        assertThat(refusal(() -> logging.set("a", LogLevel.INFO, Duration.ofDays(8), ME))
                        .text())
                .contains("P7D");
        assertThat(logging.reset(List.of("io.sendport.smtp", "none"))).containsExactly("io.sendport.smtp");
        assertThat(logging.list()).hasSize(4);
        clock.advance(hour);
        assertThat(logging.list()).isEmpty();
    }

    @Test
    void changesPortStatesAsTheTableAllows() {
        Ports ports = operations.ports();
        assertThat(ports.act(PortAct.STOP, List.of("*"), ME, true))
                .extracting(Ports.Change::outcome)
                .containsOnly(Ports.Change.Outcome.WOULD_CHANGE);
        assertThat(ports.act(PortAct.STOP, List.of("Alerts"), ME, false))
                .extracting(Ports.Change::outcome)
                .containsExactly(Ports.Change.Outcome.CHANGED);
        assertThat(ports.act(PortAct.STOP, List.of("Alerts"), ME, false))
                .extracting(Ports.Change::outcome)
                .containsExactly(Ports.Change.Outcome.ALREADY);
        ports.act(PortAct.UNENLIST, List.of("Alerts"), ME, false);
        assertThat(ports.act(PortAct.STOP, List.of("Alerts"), ME, false))
                .extracting(Ports.Change::outcome)
                .containsExactly(Ports.Change.Outcome.REFUSED);
    }

    @Test
    void findsMessagesByTheBeginningOfTheirIds() {
        String id = submit();
        assertThat(operations.messages().view(id.substring(0, 13)).id().value()).isEqualTo(id);
        assertThat(operations.messages().view("<" + id + "@corp.example>").id().value())
                .as("as a Message-ID has it")
                .isEqualTo(id);
        submit();
        assertThat(refusal(() -> operations.messages().view(""))).isInstanceOf(Refusal.Invalid.class);
        assertThat(refusal(() -> operations.messages().view("no id!"))).isInstanceOf(Refusal.Invalid.class);
        assertThat(refusal(() -> operations.messages().view("ffffffff"))).isInstanceOf(Refusal.NotFound.class);
    }

    @Test
    void listsTheActsThatAMessageAllows() {
        String id = submit();
        assertThat(operations.messages().details(id).acts())
                .containsExactly(MessageAct.SUSPEND, MessageAct.FORCE, MessageAct.TERMINATE, MessageAct.HOLD);
        assertThat(operations.messages().act(List.of(MessageAct.SUSPEND), id, ME))
                .isEmpty();
        assertThat(operations.messages().details(id).acts())
                .containsExactly(
                        MessageAct.RESUME,
                        MessageAct.FORCE,
                        MessageAct.REASSEMBLE,
                        MessageAct.TERMINATE,
                        MessageAct.HOLD);
        assertThat(operations.messages().act(List.of(MessageAct.TERMINATE), id, ME))
                .isEmpty();
        assertThat(operations.messages().details(id).acts()).containsExactly(MessageAct.HOLD);
        assertThat(operations.messages().act(List.of(MessageAct.RESUME), id, ME))
                .hasValueSatisfying(why -> assertThat(why)
                        .isInstanceOf(Refusal.Conflict.class)
                        .extracting(Refusal::text)
                        .asString()
                        .contains("is terminated"));
    }

    @Test
    void showsTheHistoryOfAMessageInOrder() {
        String id = submit();
        operations.messages().act(List.of(MessageAct.SUSPEND), id, ME);
        MessageHistory story = operations.messages().story(id);
        assertThat(story.events())
                .extracting(each -> each.record().header("kind"))
                .containsExactly("SUBMITTED", "SUSPENDED");
        assertThat(story.events().get(1).record().detail("actor")).isEqualTo("me@here");
        assertThat(story.message().message().state()).isEqualTo(MessageState.SUSPENDED);
    }

    @Test
    void resubmitsAMessageToAnotherPortOrWithNewContent() {
        String id = submit();
        Resubmission other = new Resubmission(Optional.of("Alerts"), Map.of("Colour", "green"), Optional.empty());
        Receipt again = operations.submissions().resubmit(id, other, ME);
        assertThat(again.port()).isEqualTo("Alerts");
        assertThat(operations.messages().details(again.id().value()).properties())
                .containsEntry("Colour", "green");
        operations.messages().act(List.of(MessageAct.TERMINATE), id, ME);
        assertThat(refusal(() -> operations.submissions().resubmit(id, other, ME)))
                .as("its content is gone")
                .isInstanceOf(Refusal.Conflict.class);
        Part body = Part.body("text/plain", Body.of("new", StandardCharsets.US_ASCII));
        MessageId third = operations
                .submissions()
                .resubmit(id, new Resubmission(Optional.empty(), Map.of(), Optional.of(body)), ME)
                .id();
        assertThat(operations.messages().view(third.value()).port()).isEqualTo("Invoices");
    }

    @Test
    void countsMessagesByFields() {
        submit();
        submit();
        assertThat(operations.messages().count(MessageFilter.all(), List.of("port", "state")))
                .containsExactly(Map.entry(List.of("Invoices", "waiting"), 2L));
        assertThat(refusal(() -> operations.messages().count(MessageFilter.all(), List.of("color"))))
                .isInstanceOf(Refusal.Invalid.class);
    }

    @Test
    void acceptsAGroupNameAndRefusesUnknownNames() {
        submit();
        assertThat(operations.messages().list(MessageFilter.all().of(Set.of("Everyone")), Optional.empty()))
                .hasSize(1);
        assertThat(operations.ports().list(List.of("Everyone")))
                .extracting(PortView::name)
                .containsExactly("Invoices", "Alerts");
        assertThat(refusal(() -> operations.messages().list(MessageFilter.all().of(Set.of("Nope")), Optional.empty())))
                .isInstanceOf(Refusal.NotFound.class);
        assertThat(refusal(() -> operations.messages().count(MessageFilter.all().of(Set.of("N*")), List.of("port"))))
                .isInstanceOf(Refusal.NotFound.class);
        TestBox.submit(box, clock, "Gone");
        assertThat(operations.messages().open(MessageFilter.all().of(Set.of("Gone"))))
                .hasSize(1);
    }

    @Test
    void reportsProblemsThatNeedAttention() {
        assertThat(operations.status().now().needsPerson()).isEmpty();
        String id = submit();
        assertThat(operations.status().now().needsPerson())
                .containsExactly("No instance of host H is running; 1 message is waiting");
        operations.messages().act(List.of(MessageAct.SUSPEND), id, ME);
        assertThat(operations.status().now().suspended())
                .containsExactly(new StatusView.Suspended(1, "Invoices", "suspended by an operator"));
    }

    @Test
    void searchesAndVerifiesTheLedger() {
        String id = submit();
        List<String> kinds = new ArrayList<>();
        Audit.Position position = operations
                .audit()
                .search(AuditFilter.ofMessage(id), Optional.empty(), each -> kinds.add(each.header("kind")));
        assertThat(kinds).containsExactly(Kind.SUBMITTED.name());
        operations.messages().act(List.of(MessageAct.SUSPEND), id, ME);
        operations.audit().follow(AuditFilter.all(), position, each -> kinds.add(each.header("kind")));
        assertThat(kinds).as("what came since").containsExactly("SUBMITTED", "SUSPENDED");
        assertThat(operations.audit().record("1").is(Kind.SUBMITTED)).isTrue();
        assertThat(operations.audit().proof(operations.audit().record("0:1")).isSigned())
                .isFalse();
        assertThat(refusal(() -> operations.audit().record("0:4711"))).isInstanceOf(Refusal.NotFound.class);
        assertThat(refusal(() -> operations.audit().record("here"))).isInstanceOf(Refusal.Invalid.class);
        assertThat(operations.audit().verify(List.of(), Set.of(), held -> {}).fault())
                .isEmpty();
        assertThat(refusal(() -> operations.audit().verify(List.of(), Set.of("x"), held -> {})))
                .isInstanceOf(Refusal.NotFound.class);
        assertThat(refusal(() -> operations.audit().verify(List.of("no fingerprint"), Set.of(), held -> {})))
                .isInstanceOf(Refusal.Invalid.class);
    }

    @Test
    void refusesOperationsThatTheStateDoesNotAllow() {
        assertThat(refusal(() -> operations.reloading().reload(false, ME, each -> {})))
                .as("no instance runs")
                .isInstanceOf(Refusal.Conflict.class);
        assertThat(refusal(() -> operations.stores().acceptLoss(ME)))
                .as("nothing is lost")
                .isInstanceOf(Refusal.Conflict.class);
        assertThat(operations.stores().bodyKeys()).isEmpty();
    }

    @Test
    void writesViewsAsJson() {
        String id = submit();
        assertThat(Json.write(operations.messages().view(id)))
                .startsWith("{\"id\":\"" + id
                        + "\",\"port\":\"Invoices\",\"host\":\"H\",\"state\":\"waiting\",\"resumable\":")
                .contains("\"submittedAt\":\"" + Json.utc(clock.instant()) + "\"", "\"lastError\":null");
        assertThat(Json.write(operations.ports().list(List.of("Alerts")).get(0)))
                .contains("\"application\":null", "\"state\":\"started\"", "\"oldestSeconds\":null", "\"pause\":null");
    }
}
