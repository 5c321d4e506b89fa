package io.sendport.host.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.settings.Secret;
import io.sendport.config.Configuration;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.WebhookReceiver;
import io.sendport.host.box.MessageBox;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.alert.Alert;
import io.sendport.host.condition.alert.AlertState;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.Patience;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who speaks, what is sent once, and what is on the ledger: two speakers of one message box, with webhooks at a real server. */
class AlertServiceTest {

    private static final String SECRET = "12345678901234567890";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final WebhookReceiver receiver = new WebhookReceiver();
    private final List<AlertService> speakers = new ArrayList<>();
    private volatile Configuration configuration;
    private volatile List<Condition> conditions = List.of();
    private MessageBox box;

    @BeforeEach
    void open() throws IOException {
        configure(hook("webhook", "/hook"));
        box = MessageBox.open(configuration.messageBox(), Access.CREATE, clock);
    }

    @AfterEach
    void close() {
        speakers.forEach(AlertService::close);
        receiver.close();
        box.close();
    }

    private String hook(String name, String path) {
        return "<webhook name='" + name + "' url='" + receiver.url(path) + "' secret='" + SECRET + "'/>";
    }

    private void configure(String channels) throws IOException {
        Path file = Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:sendport.db"/>
                  <alerts reminder="PT0S">%s</alerts>
                  <host name="H"><smtp host="127.0.0.1" port="25" tls="none"/></host>
                  <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                </sendport>
                """.formatted(channels));
        configuration = new ConfigurationReader(new CamelPlaceholders())
                .read(file)
                .configuration()
                .orElseThrow();
    }

    private AlertService alertService(String name) {
        AlertService alertService = new AlertService(
                box.alerts(),
                name,
                Duration.ofSeconds(30),
                new AlertService.Watched(() -> configuration, () -> conditions, () -> "H@" + name),
                Extensions.of(folder.resolve("plugins")),
                clock,
                () -> clock.millis() * 1_000_000);
        speakers.add(alertService);
        return alertService;
    }

    private void relayIsDown() {
        conditions = List.of(Condition.of(
                        ConditionKind.RELAY_UNREACHABLE,
                        "mail.example:25",
                        Severity.ATTENTION,
                        clock.instant(),
                        "connection refused")
                .at(List.of("P")));
    }

    private void turns(Duration time, AlertService... those) {
        for (Duration left = time; !left.isNegative(); left = left.minusSeconds(10)) {
            clock.advance(Duration.ofSeconds(10));
            for (AlertService each : those) {
                each.turn();
            }
        }
    }

    private List<AuditRecord> alerted() {
        List<AuditRecord> found = new ArrayList<>();
        box.ledger().read(AuditFilter.all().ofKinds(List.of(Kind.ALERTED)), found::add);
        return found;
    }

    /** A thread that is still writing down what it did last does nothing at a turn, so that there are more until it has. */
    private static void until(AlertService alertService, Patience.Condition condition) throws Exception {
        Patience.until(() -> {
            alertService.turn();
            return condition.holds();
        });
    }

    private boolean isSilent() {
        return box.alerts().next("webhook").isEmpty();
    }

    @Test
    void sendsEachAlertOnceEvenIfTheSendingInstanceDies() throws Exception {
        AlertService one = alertService("one");
        AlertService two = alertService("two");
        relayIsDown();
        turns(Duration.ofMinutes(4), one, two);
        // One dies without a word; the lease ends.
        turns(Duration.ofMinutes(4), two);
        until(two, () -> alerted().size() == 1);
        conditions = List.of();
        turns(Duration.ofMinutes(2), two);
        relayIsDown();
        turns(Duration.ofMinutes(2), two, alertService("three"));
        conditions = List.of();
        turns(Duration.ofMinutes(7), two);
        until(two, () -> alerted().size() == 2);
        assertThat(receiver.calls)
                .extracting(each -> json(each.body()).path("state").asText())
                .containsExactly("firing", "recovered");
        assertThat(alerted()).extracting(each -> each.header("instance")).containsExactly("H@two", "H@two");
    }

    @Test
    void signsAlertsAndRecordsThemInTheLedger() throws Exception {
        AlertService one = alertService("one");
        relayIsDown();
        turns(Duration.ofMinutes(7), one);
        until(one, () -> alerted().size() == 1);
        WebhookReceiver.Call call = receiver.calls.get(0);
        JsonNode body = json(call.body());
        assertThat(body.path("id").asText()).isEqualTo(call.id());
        assertThat(body.path("instance").asText()).isEqualTo("H@one");
        assertThat(body.path("text").asText()).contains("1 problem: Relay mail.example:25 has been unreachable");
        JsonNode condition = body.path("conditions").get(0);
        assertThat(condition.path("kind").asText()).isEqualTo("relayUnreachable");
        assertThat(condition.path("ports").get(0).asText()).isEqualTo("P");
        assertThat(condition.path("nextStep").asText()).contains("sendport doctor");
        long second = clock.instant().getEpochSecond();
        String signature = call.signature();
        assertThat(signature)
                .isEqualTo(WebhookChannel.signature(
                        new Secret(SECRET),
                        Long.parseLong(signature.substring(2, signature.indexOf(','))),
                        call.body().getBytes(StandardCharsets.UTF_8)));
        assertThat(Long.parseLong(signature.substring(2, signature.indexOf(','))))
                .isLessThanOrEqualTo(second);
        AuditRecord record = alerted().get(0);
        assertThat(record.header("alert")).isEqualTo(call.id());
        assertThat(record.header("channel")).isEqualTo("webhook");
        assertThat(record.secret().toString()).contains("relayUnreachable").contains("mail.example:25");
    }

    @Test
    void aFailingChannelDoesNotDelayOrRepeatAlertsOnOtherChannels() throws Exception {
        configure(
                hook("webhook", "/hook") + "<webhook name='dead' url='http://127.0.0.1:1/' secret='" + SECRET + "'/>");
        AlertService one = alertService("one");
        relayIsDown();
        turns(Duration.ofMinutes(7), one);
        until(one, () -> alerted().size() == 1 && box.alerts().failing().size() == 1);
        for (int tries = 2; tries <= ChannelSender.QUICK_TRIES; tries++) {
            long wanted = tries;
            turns(ChannelSender.pause(tries - 1), one);
            until(one, () -> box.alerts().failing().get(0).tries() >= wanted);
        }
        assertThat(receiver.calls).hasSize(1);
        // Another process, and the channel is corrected: it gets what it missed, and the first one nothing again.
        one.close();
        configure(hook("webhook", "/hook") + hook("dead", "/back"));
        AlertService two = alertService("two");
        turns(Duration.ofSeconds(10), two);
        until(two, () -> alerted().size() == 2);
        assertThat(receiver.at("/hook")).hasSize(1);
        assertThat(receiver.at("/back")).hasSize(1);
        assertThat(receiver.at("/back").get(0).id())
                .isEqualTo(receiver.at("/hook").get(0).id());
        assertThat(box.alerts().failing()).isEmpty();
    }

    @Test
    void resendsAnAlertWithTheSameIdWhenItsDeliveryWasNotRecorded() throws Exception {
        AlertService one = alertService("one");
        relayIsDown();
        receiver.status.set(503);
        turns(Duration.ofMinutes(7), one);
        until(one, () -> box.alerts().failing().size() == 1);
        String id = waiting().id();
        // The first process has no lease any more, and therefore cannot write down that the message was taken.
        clock.advance(Duration.ofMinutes(1));
        assertThat(box.alerts().lease("two", Duration.ofSeconds(30))).isTrue();
        receiver.status.set(200);
        Alert message = waiting();
        assertThat(box.alerts().taken("one", "H@one", "webhook", message)).isFalse();
        box.alerts().release("two");
        AlertService two = alertService("two");
        turns(Duration.ofMinutes(1), two);
        until(two, () -> alerted().size() == 1);
        // On a busy machine it may be sent again before it is written down.
        assertThat(receiver.calls).isNotEmpty().allSatisfy(each -> assertThat(each.id())
                .isEqualTo(id));
    }

    /** The message that waits for its next attempt, at the time of that attempt. */
    private Alert waiting() throws Exception {
        Patience.until("the time of the next attempt", () -> {
            clock.advance(Duration.ofSeconds(10));
            return box.alerts().next("webhook").isPresent();
        });
        return box.alerts().next("webhook").orElseThrow();
    }

    @Test
    void followsNoRedirect() throws Exception {
        AlertService one = alertService("one");
        relayIsDown();
        receiver.status.set(302);
        turns(Duration.ofMinutes(7), one);
        until(one, () -> box.alerts().failing().size() == 1);
        assertThat(box.alerts().failing().get(0).error()).contains("answered 302, a redirect, which is not followed");
        assertThat(receiver.at("/elsewhere")).isEmpty();
    }

    @Test
    void reportsAFailingChannelOnlyOnTheOtherChannels() throws Exception {
        configure(hook("webhook", "/hook") + hook("other", "/other"));
        AlertService one = alertService("one");
        conditions = List.of(
                Condition.of(ConditionKind.ALERTS_FAILING, "other", Severity.ATTENTION, clock.instant(), "refused"));
        turns(Duration.ofMinutes(7), one);
        until(one, () -> alerted().size() == 1);
        assertThat(box.alerts().next("other")).isEmpty();
        assertThat(receiver.at("/hook")).hasSize(1);
        assertThat(receiver.at("/other")).isEmpty();
    }

    @Test
    void sendsHeartbeatsFromOneInstanceAndReportsTheirFailure() throws Exception {
        configure("<heartbeat url='" + receiver.url("/beat") + "' every='PT1M'/>");
        AlertService one = alertService("one");
        AlertService two = alertService("two");
        turns(Duration.ofSeconds(30), one, two);
        until(one, () -> receiver.at("/beat").size() == 1);
        receiver.status.set(500);
        clock.advance(Duration.ofMinutes(1));
        one.turn();
        until(one, () -> box.alerts().failing().size() == 1);
        assertThat(box.alerts().failing().get(0).name()).isEqualTo("heartbeat");
        receiver.status.set(200);
        clock.advance(Duration.ofMinutes(1));
        one.turn();
        until(one, () -> box.alerts().failing().isEmpty());
        assertThat(receiver.at("/beat")).hasSize(2);
    }

    @Test
    void deletesAlertStateWhenAlertsAreRemovedFromTheConfiguration() throws Exception {
        AlertService one = alertService("one");
        relayIsDown();
        receiver.status.set(503);
        turns(Duration.ofMinutes(7), one);
        until(one, () -> box.alerts().failing().size() == 1);
        assertThat(box.alerts().all()).extracting(each -> each.state()).containsExactly(AlertState.ALERTED);
        configure("<webhook name='new' url='" + receiver.url("/new") + "' secret='" + SECRET + "'/>");
        one.turn();
        assertThat(box.alerts().failing()).isEmpty();
        assertThat(isSilent()).isTrue();
        Files.writeString(
                folder.resolve("sendport.xml"),
                Files.readString(folder.resolve("sendport.xml")).replaceFirst("<alerts.*</alerts>", ""));
        configuration = new ConfigurationReader(new CamelPlaceholders())
                .read(folder.resolve("sendport.xml"))
                .configuration()
                .orElseThrow();
        one.turn();
        assertThat(box.alerts().all()).isEmpty();
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
