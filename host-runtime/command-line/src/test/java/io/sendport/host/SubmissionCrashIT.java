package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.SubmissionInstallation.Talk;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.Deep;
import io.sendport.testing.FreePort;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients hand in mail and send again what got no answer, while the process that takes it is killed: what got a 250 arrives, once. */
@Timeout(3_600)
@InTurn
class SubmissionCrashIT {

    private static final int KILLS = Deep.isOn() ? 300 : 3;
    private static final int CLIENTS = 8;

    @TempDir
    private Path folder;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicBoolean ends = new AtomicBoolean();
    private Process sink;

    @AfterEach
    void stop() {
        sink.destroyForcibly();
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void everyAcceptedMailArrivesDespiteRepeatedKills() throws Exception {
        Path received = folder.resolve("received");
        sink = Sink.start(received);
        String line =
                new BufferedReader(new InputStreamReader(sink.getInputStream(), StandardCharsets.UTF_8)).readLine();
        int port = FreePort.find();
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <host name="H"><submission port="%d"><map port="P"/></submission>
                    <smtp host="127.0.0.1" port="%s" tls="none"/></host>
                  <sendPort name="P" host="H"><dynamic domains="customer.example"/>
                    <mail from="a@corp.example" passThroughHeaders="true"/><retry count="1000" interval="PT0.1S"/></sendPort>
                </sendport>
                """.formatted(port, line.substring(5)));
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> handIn(port), "client-" + i);
            client.start();
            clients.add(client);
        }
        for (int kill = 0; kill < KILLS; kill++) {
            Process run = Installed.run(folder, "", "sendport.xml");
            int before = acknowledged.size();
            Patience.until("mail is taken", () -> acknowledged.size() > before);
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(300));
            run.destroyForcibly();
            Patience.untilEnd(run);
        }
        Process last = Installed.run(folder, "", "sendport.xml");
        ends.set(true);
        for (Thread each : clients) {
            each.join(TimeUnit.MINUTES.toMillis(2));
            assertThat(each.isAlive()).isFalse();
        }
        awaitEmptyBox();
        last.destroyForcibly();
        Patience.untilEnd(last);
        requireConservation(received);
    }

    /** One mail after another, each until it gets its 250. */
    private void handIn(int port) {
        while (!ends.get()) {
            String id = "m" + numbers.incrementAndGet();
            while (!isTaken(id, port)) {
                try {
                    TimeUnit.MILLISECONDS.sleep(50);
                } catch (InterruptedException e) {
                    return;
                }
            }
            acknowledged.add(id);
        }
    }

    private static boolean isTaken(String id, int port) {
        try (Talk talk = new Talk(new Socket(InetAddress.getLoopbackAddress(), port))) {
            talk.answer();
            talk.say("EHLO client");
            return talk.handIn(
                            "a@corp.example",
                            List.of("b@customer.example"),
                            "From: a@corp.example\r\nMessage-ID: <" + id + "@app.example>\r\nSubject: s\r\n\r\ntext")
                    .startsWith("250 ");
        } catch (IOException e) {
            return false;
        }
    }

    private Routing routing() {
        return new ConfigurationReader(new CamelPlaceholders()).readRouting(folder.resolve("sendport.xml"));
    }

    private void awaitEmptyBox() throws Exception {
        try (MessageBox box = MessageBox.open(routing().messageBox(), Access.READ, Clock.systemUTC())) {
            MessageFilter open =
                    MessageFilter.in(Set.of(MessageState.WAITING, MessageState.SENDING, MessageState.RETRYING));
            Patience.until(
                    "the end of every message",
                    () -> box.queries().list(open, Optional.of(1)).isEmpty());
        }
    }

    private void requireConservation(Path received) throws IOException {
        Map<String, Integer> arrived = new HashMap<>();
        Files.readAllLines(received).forEach(id -> arrived.merge(id, 1, Integer::sum));
        assertThat(arrived.keySet()).as("acknowledged and lost").containsAll(acknowledged);
        try (MessageBox box = MessageBox.open(routing().messageBox(), Access.READ, Clock.systemUTC())) {
            assertThat(TestBox.verify(box, routing().messageBox().place()).fault())
                    .isEmpty();
            Set<String> doubtful = TestBox.told(box).doubtful();
            List<String> twice = new ArrayList<>();
            box.queries().list(MessageFilter.all(), Optional.empty()).forEach(row -> {
                String id = row.mimeMessageId().replaceAll("^<|@.*$", "");
                if (arrived.getOrDefault(id, 0) > 1
                        && !doubtful.contains(row.id().value())) {
                    twice.add(id);
                }
            });
            assertThat(twice).as("twice without a record before").isEmpty();
            assertThat(box.queries().list(MessageFilter.all(), Optional.empty()))
                    .as("a mail that was sent again is the same message")
                    .hasSize(arrived.size());
            System.out.printf(
                    "crash test of the submission feed: %d acknowledged, 0 lost, %d arrived twice, %d in doubt%n",
                    acknowledged.size(),
                    arrived.values().stream().filter(count -> count > 1).count(),
                    doubtful.size());
        }
    }
}
