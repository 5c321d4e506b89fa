package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.submit.NotNowException;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Pause;
import io.sendport.host.condition.ConditionKind;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When messages have their turn: windows, rates, order. */
@Timeout(300)
class ScheduleIT {

    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);
    private static final String BOX =
            "<messageBox url='jdbc:sqlite:box.db'/><host name='H'><retry count='2' interval='PT0.1S'/></host>";

    @TempDir
    private Path folder;

    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private String port(String name, String attributes, String elements) {
        return "<sendPort name='" + name + "' host='H' " + attributes + "><smtp host='127.0.0.1' port='" + server.port()
                + "' tls='none'/><mail from='a@corp.example' to='b@customer.example' subject='%N%'/>" + elements
                + "</sendPort>";
    }

    private static MessageId submit(RunningHost host, String port, int number) {
        return host.submit(port, BODY, Context.of(Map.of("N", "no " + number)));
    }

    private static boolean waitsForTheRate(RunningHost host) {
        return Optional.ofNullable(host.process().box().ports().pauses().get("P"))
                .filter(pause -> pause.kind() == Pause.Kind.RATE)
                .isPresent();
    }

    /** The numbers of the mails, as they came. */
    private List<Integer> arrived() {
        return server.mails().stream()
                .map(mail -> Integer.valueOf(mail.replaceAll("(?s).*Subject: no (\\d+).*", "$1")))
                .toList();
    }

    @Test
    void waitsForTheServiceWindow() throws Exception {
        // A Saturday morning.
        SettableClock clock = new SettableClock(Instant.parse("2026-11-21T08:00:00Z"));
        try (RunningHost host = RunningHost.start(
                folder,
                BOX
                        + port("P", "", "<serviceWindow days='mon-fri' from='08:00' to='18:00' zone='UTC'/>")
                        + port("Q", "", ""),
                clock)) {
            MessageId id = submit(host, "P", 1);
            submit(host, "Q", 2);
            Patience.until(() -> host.process().box().ports().pauses().containsKey("P"));
            Patience.until(() -> server.mails().size() == 1);
            assertThat(host.process().box().ports().pauses().get("P").words())
                    .startsWith("window until 2026-11-23T08:00:00Z");
            MessageRow row = host.process()
                    .box()
                    .queries()
                    .list(MessageFilter.all(), Optional.empty())
                    .get(0);
            assertThat(row.state()).isEqualTo(MessageState.SCHEDULED);
            assertThat(host.process().box().queries().ports().get("P").of(MessageState.SCHEDULED))
                    .isEqualTo(1);
            assertThat(host.told(ConditionKind.PORT_PAUSED) + host.told(ConditionKind.MESSAGES_LATE))
                    .as("nothing is wrong with that")
                    .isEmpty();
            clock.advance(Duration.ofDays(2));
            assertThat(host.await(id, now -> now.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            assertThat(arrived()).containsExactly(2, 1);
        }
    }

    @Test
    void sendsNoMoreThanItsRateAllows() throws Exception {
        SettableClock clock = new SettableClock();
        try (RunningHost host =
                RunningHost.start(folder, BOX + port("P", "", "<rate messages='3' per='PT1M'/>"), clock)) {
            for (int i = 0; i < 8; i++) {
                submit(host, "P", i);
            }
            Patience.until(() -> server.mails().size() == 3);
            Patience.until(() -> waitsForTheRate(host));
            assertThat(server.mails()).hasSize(3);
            clock.advance(Duration.ofSeconds(59));
            Patience.whileItHolds(
                    "the rate", Duration.ofMillis(300), () -> server.mails().size() == 3);
            clock.advance(Duration.ofSeconds(2));
            Patience.until(() -> server.mails().size() == 6);
            clock.advance(Duration.ofSeconds(61));
            // Time goes by: the lease may have seemed to lapse while a mail was under way, and it is tried again.
            Patience.until(() -> {
                clock.advance(Duration.ofMillis(200));
                return server.mails().size() == 8;
            });
        }
    }

    @Test
    void sharesTheRateOfARelayAmongItsPorts() throws Exception {
        SettableClock clock = new SettableClock();
        String shared = "<smtpConnection name='R' host='127.0.0.1' port='" + server.port()
                + "' tls='none'><rate messages='4' per='PT1M'/></smtpConnection>";
        String port =
                "<sendPort name='%s' host='H'><smtp connection='R'/><mail from='a@corp.example' to='b@customer.example' subject='%%N%%'/></sendPort>";
        try (RunningHost host = RunningHost.start(
                folder,
                "<messageBox url='jdbc:sqlite:box.db'/>" + shared + "<host name='H'/>" + port.formatted("P")
                        + port.formatted("Q"),
                clock)) {
            for (int i = 0; i < 5; i++) {
                submit(host, "P", i);
                submit(host, "Q", i);
            }
            Patience.until(() -> server.mails().size() == 4);
            Patience.until(() -> waitsForTheRate(host));
            assertThat(server.mails()).hasSize(4);
            clock.advance(Duration.ofSeconds(61));
            Patience.until(() -> server.mails().size() == 8);
        }
    }

    @Test
    void appliesBackPressureWhenTooManyMessagesWait() throws Exception {
        server.on("MAIL", "451 4.3.0 later");
        try (RunningHost host = RunningHost.start(
                folder,
                BOX.replace("PT0.1S", "PT1H")
                        + port("P", "", "<limits maxWaiting='5'/>")
                        + port("Q", "", "<limits maxBytes='10B'/>"))) {
            for (int i = 0; i < 5; i++) {
                submit(host, "P", i);
            }
            assertThatThrownBy(() -> submit(host, "P", 6))
                    .isInstanceOf(NotNowException.class)
                    .hasMessageContaining("5 messages wait at port P, as many as <limits maxWaiting> allows");
            for (int i = 0; i < 10; i++) {
                submit(host, "Q", i);
            }
            assertThatThrownBy(() -> submit(host, "Q", 11)).hasMessageContaining("wait at port Q (<limits maxBytes>)");
            MessageRow one = host.process()
                    .box()
                    .queries()
                    .list(MessageFilter.all(), Optional.empty())
                    .get(0);
            host.await(one.id(), row -> row.state() == MessageState.RETRYING);
            assertThat(host.process().box().acts().act(MessageAct.TERMINATE, one, new Actor("test", "room")))
                    .isEmpty();
            // The submission service uses what it last saw for a moment.
            Patience.until("there is room", () -> isTaken(host));
        }
    }

    private boolean isTaken(RunningHost host) {
        try {
            submit(host, "P", 7);
            return true;
        } catch (NotNowException e) {
            return false;
        }
    }

    @Test
    void keepsTheOrderWhenMessagesAreDeferred() throws Exception {
        server.on("MAIL", "451 4.3.0 later");
        String box = BOX.replace("count='2'", "count='1000'");
        try (RunningHost host = RunningHost.start(folder, box + port("P", "ordered='true' stopOnFailure='true'", ""))) {
            for (int i = 0; i < 20; i++) {
                submit(host, "P", i);
            }
            Patience.until(() -> server.count("MAIL") >= 2);
            server.on("MAIL", "250 2.1.0 ok");
            Patience.until(() -> server.mails().size() == 20);
            assertThat(arrived()).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void stopsAtAFailedMessageUntilAnOperatorResumesIt() throws Exception {
        server.on("MAIL", "554 5.7.1 no");
        try (RunningHost host = RunningHost.start(folder, BOX + port("P", "ordered='true' stopOnFailure='true'", ""))) {
            List<MessageId> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(submit(host, "P", i));
            }
            MessageRow head = host.await(all.get(0), row -> row.state() == MessageState.SUSPENDED);
            assertThat(head.resumable()).isTrue();
            Patience.until(() -> host.process().box().ports().pauses().containsKey("P"));
            assertThat(host.process().box().ports().pauses().get("P").words())
                    .isEqualTo(
                            "order: message " + head.id() + " is suspended, and later messages wait to keep the order");
            assertThat(server.count("MAIL")).isEqualTo(1);
            server.on("MAIL", "250 2.1.0 ok");
            assertThat(host.process().box().acts().act(MessageAct.RESUME, head, new Actor("test", "mended")))
                    .isEmpty();
            Patience.until(() -> server.mails().size() == 5);
            assertThat(arrived()).containsExactly(0, 1, 2, 3, 4);
        }
    }

    @Test
    void skipsAFailedMessageWithoutStopOnFailure() throws Exception {
        server.on("MAIL", "554 5.7.1 no");
        try (RunningHost host = RunningHost.start(folder, BOX + port("P", "ordered='true'", ""))) {
            MessageId first = submit(host, "P", 0);
            MessageRow aside = host.await(first, row -> row.state() == MessageState.SUSPENDED);
            server.on("MAIL", "250 2.1.0 ok");
            for (int i = 1; i < 5; i++) {
                submit(host, "P", i);
            }
            Patience.until(() -> server.mails().size() == 4);
            assertThat(arrived()).containsExactly(1, 2, 3, 4);
            assertThat(host.row(first).resumable()).isFalse();
            assertThat(host.process().box().acts().act(MessageAct.RESUME, aside, new Actor("test", "again")))
                    .as("it would break the order")
                    .isPresent();
        }
    }
}
