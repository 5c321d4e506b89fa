package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.config.port.PortState;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several ports that stop by one act stop claiming at once and share one deadline, however long an attempt of one of them hangs. */
@Timeout(600)
@InTurn
class StopTogetherIT {

    /** Less than a port that stops waits for its attempts under way, which is 30 s. */
    private static final Duration BEFORE_THE_DEADLINE = Duration.ofSeconds(20);

    private static final int MARKERS = 20;

    @TempDir
    private Path folder;

    private final Map<String, ScriptedServer> relays = new TreeMap<>();
    private final List<Thread> producers = new ArrayList<>();
    private final StringBuilder content = new StringBuilder("<messageBox url='jdbc:sqlite:box.db'/>\n");
    private volatile boolean enough;
    private RunningHost host;

    @AfterEach
    void stop() throws Exception {
        enough = true;
        for (Thread each : producers) {
            each.join();
        }
        relays.values().forEach(ScriptedServer::release);
        if (host != null) {
            host.close();
        }
        for (ScriptedServer each : relays.values()) {
            each.close();
        }
    }

    private void hostInstance(String name) {
        content.append("<host name='").append(name).append("'/>\n");
    }

    /** A port with a relay of its own. */
    private ScriptedServer port(String name, String hostName, String state) throws Exception {
        ScriptedServer relay = new ScriptedServer();
        relays.put(name, relay);
        content.append(
                "<sendPort name='%s' host='%s' initialState='%s'><smtp host='127.0.0.1' port='%d' tls='none' readTimeout='PT50S'/><mail from='a@corp.example' to='b@customer.example'/></sendPort>\n"
                        .formatted(name, hostName, state, relay.port()));
        return relay;
    }

    private MessageId submit(String port) {
        return host.submit(port, Body.of("x", StandardCharsets.US_ASCII));
    }

    private List<MessageId> submitMarkers(String port) {
        List<MessageId> markers = new ArrayList<>();
        for (int i = 0; i < MARKERS; i++) {
            markers.add(submit(port));
        }
        return markers;
    }

    /** Messages without end. */
    private void putUnderLoad(String port) throws Exception {
        Thread producer = new Thread(() -> {
            while (!enough) {
                submit(port);
                LockSupport.parkNanos(5_000_000);
            }
        });
        producers.add(producer);
        producer.start();
        await(
                "port " + port + " sends",
                Duration.ofSeconds(60),
                () -> relays.get(port).mails().size() >= MARKERS);
    }

    /** One message of a port reaches its relay, which does not answer it. */
    private MessageId hang(String port) throws Exception {
        relays.get(port).on("DOT", "HANG");
        MessageId id = submit(port);
        await(
                "port " + port + " hangs",
                Duration.ofSeconds(60),
                () -> relays.get(port).mails().size() == 1);
        return id;
    }

    private static void await(String what, Duration limit, BooleanSupplier wanted) throws Exception {
        assertThat(happens(limit, wanted)).as(what + " within " + limit).isTrue();
    }

    private static boolean happens(Duration limit, BooleanSupplier wanted) throws Exception {
        return Patience.happens(limit, wanted::getAsBoolean);
    }

    private void set(PortState state, String... ports) {
        for (String each : ports) {
            host.process().box().ports().set(each, state, new Actor("me@here", "an incident"));
        }
    }

    private boolean hasNothingInHand(String port) {
        MessageFilter sending = new MessageFilter(
                Set.of(port),
                Optional.empty(),
                Set.of(MessageState.SENDING),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        return host.process().box().queries().list(sending, Optional.of(1)).isEmpty();
    }

    private void requireUntouched(List<MessageId> markers) {
        assertThat(markers).allSatisfy(id -> {
            MessageRow row = host.row(id);
            assertThat(row.state()).isEqualTo(MessageState.WAITING);
            assertThat(row.attempts()).isZero();
        });
    }

    /** States are followed one pass after the other, so that whatever was set before is in force once this has sent. */
    private void startAndSend(String port) throws Exception {
        set(PortState.STARTED, port);
        submit(port);
        await(
                "port " + port + " starts and sends",
                BEFORE_THE_DEADLINE,
                () -> relays.get(port).mails().size() == 1);
    }

    @Test
    void stoppedPortsSendNothingWhileOneStillWaitsForItsRelay() throws Exception {
        hostInstance("H");
        port("A", "H", "started");
        ScriptedServer healthy = port("B", "H", "started");
        for (String each : List.of("C", "D", "E")) {
            port(each, "H", "stopped");
        }
        host = RunningHost.start(folder, content.toString());
        MessageId hanging = hang("A");
        putUnderLoad("B");

        set(PortState.STOPPED, "A", "B");
        startAndSend("C");
        startAndSend("D");
        await("port B has nothing in hand", BEFORE_THE_DEADLINE, () -> hasNothingInHand("B"));
        int sent = healthy.mails().size();
        List<MessageId> markers = submitMarkers("B");
        startAndSend("E");

        requireUntouched(markers);
        assertThat(healthy.mails()).as("mails of port B").hasSize(sent);
        assertThat(host.row(hanging).state()).as("port A still waits").isEqualTo(MessageState.SENDING);
        assertThat(relays.get("A").mails()).hasSize(1);
    }

    @Test
    void restartsTwoHangingPortsAfterOneDeadline() throws Exception {
        assumeTrue(Deep.isOn(), "waits for deadlines");
        hostInstance("H");
        port("A", "H", "started");
        port("B", "H", "started");
        port("C", "H", "stopped");
        host = RunningHost.start(folder, content.toString());
        hang("A");
        hang("B");

        set(PortState.STOPPED, "A", "B");
        startAndSend("C");
        for (String each : List.of("A", "B")) {
            relays.get(each).on("DOT", "250 2.0.0 Ok");
            submit(each);
        }
        set(PortState.STARTED, "A", "B");
        await(
                "both ports send again",
                Duration.ofSeconds(45),
                () -> relays.get("A").mails().size() == 2
                        && relays.get("B").mails().size() == 2);
    }

    @Test
    void drainsAllHostsByOneDeadlineWithoutNewClaims() throws Exception {
        Duration patience = Duration.ofSeconds(12);
        hostInstance("H");
        hostInstance("I");
        port("A", "H", "started");
        ScriptedServer first = port("B", "H", "started");
        port("K", "I", "started");
        ScriptedServer second = port("L", "I", "started");
        host = RunningHost.start(folder, content.toString());
        hang("A");
        hang("K");
        putUnderLoad("B");
        putUnderLoad("L");

        long began = System.nanoTime();
        Thread drain = new Thread(() -> host.process().drain(patience));
        drain.start();
        // Whether it has begun is seen by this alone, that nothing is claimed any more.
        while (drain.isAlive() && (sendsMore(first) || sendsMore(second))) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
        }
        assertThat(drain.isAlive())
                .as("both healthy ports are quiet while the drain still waits for the others")
                .isTrue();
        await("nothing is in hand", patience, () -> hasNothingInHand("B") && hasNothingInHand("L"));
        int sent = first.mails().size() + second.mails().size();
        List<MessageId> markers = new ArrayList<>(submitMarkers("B"));
        markers.addAll(submitMarkers("L"));
        drain.join(TimeUnit.SECONDS.toMillis(60));
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        requireUntouched(markers);
        assertThat(first.mails().size() + second.mails().size()).isEqualTo(sent);
        assertThat(took)
                .as("one deadline for both hosts")
                .isBetween(patience, patience.multipliedBy(2).minusSeconds(4));
    }

    /** Within a time in which a port under load sends many. */
    private static boolean sendsMore(ScriptedServer relay) throws Exception {
        int before = relay.mails().size();
        return happens(Duration.ofSeconds(2), () -> relay.mails().size() > before);
    }
}
