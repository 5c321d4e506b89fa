package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.Skipped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills a real process and counts at a receiver outside of it: what was acknowledged arrives, and no second copy goes unsaid. */
@Timeout(600)
class CrashIT {

    private static final int KILLS = Deep.times(3, 50);

    @TempDir
    private Path folder;

    private Process sink;
    private Path received;
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();

    @BeforeEach
    void start() throws Exception {
        received = folder.resolve("received.txt");
        Files.createFile(received);
        startSink("nowhere");
    }

    /** Gives what the sink says. */
    private BufferedReader startSink(String pause) throws Exception {
        sink = Sink.start(received, pause);
        BufferedReader said = new BufferedReader(new InputStreamReader(sink.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <host name="H"><smtp host="127.0.0.1" port="%s" tls="none"/></host>
                  <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/><retry count="1000" interval="PT0.1S"/></sendPort>
                </sendport>
                """.formatted(line.substring(5)));
        return said;
    }

    @AfterEach
    void stop() {
        sink.destroyForcibly();
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private Process run(String options) throws Exception {
        return Installed.run(folder, options, "sendport.xml");
    }

    private Routing routing() {
        return new ConfigurationReader(new CamelPlaceholders()).readRouting(folder.resolve("sendport.xml"));
    }

    private void submit(int count) {
        submit(count, "x");
    }

    private void submit(int count, String text) {
        Routing routing = routing();
        try (MessageBox box = MessageBox.open(routing.messageBox(), Access.CREATE, Clock.systemUTC())) {
            SubmissionService submissionService = new SubmissionService(routing, box, port -> {});
            for (int i = 0; i < count; i++) {
                submit(submissionService, text);
            }
        }
    }

    private void submit(SubmissionService submissionService) {
        submit(submissionService, "x");
    }

    private void submit(SubmissionService submissionService, String text) {
        Receipt receipt = submissionService.submit(new Submission(
                "P",
                io.sendport.api.message.Context.empty(),
                List.of(io.sendport.api.message.Part.body(
                        "text/plain", io.sendport.api.message.Body.of(text, StandardCharsets.US_ASCII))),
                Optional.empty(),
                "test"));
        acknowledged.add(receipt.id().value());
    }

    private void awaitEmptyBox() throws Exception {
        try (MessageBox box = MessageBox.open(routing().messageBox(), Access.READ, Clock.systemUTC())) {
            MessageFilter open = new MessageFilter(
                    Set.of(),
                    Optional.empty(),
                    Set.of(MessageState.WAITING, MessageState.SENDING, MessageState.RETRYING),
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false);
            Patience.until(
                    "the end of every message",
                    () -> box.queries().list(open, Optional.of(1)).isEmpty());
        }
    }

    /** Every acknowledged message arrived; what arrived twice has an IN_DOUBT record; the ledger says what the receiver says. */
    private void requireConservation() throws IOException {
        Map<String, Integer> arrived = new HashMap<>();
        Files.readAllLines(received).forEach(id -> arrived.merge(id, 1, Integer::sum));
        TestBox.Told told;
        try (MessageBox box = MessageBox.open(routing().messageBox(), Access.READ, Clock.systemUTC())) {
            told = TestBox.told(box);
            assertThat(TestBox.verify(box, routing().messageBox().place()).fault())
                    .isEmpty();
            Set<String> lost = new HashSet<>(acknowledged);
            lost.removeAll(arrived.keySet());
            assertThat(TestBox.lost(box, lost)).as("acknowledged and lost").isEmpty();
        }
        assertThat(arrived.entrySet())
                .filteredOn(each -> each.getValue() > 1)
                .extracting(Map.Entry::getKey)
                .allMatch(told.doubtful()::contains);
        assertThat(told.accepted())
                .as("what the ledger calls sent is what the receiver took")
                .isEqualTo(arrived.keySet());
        System.out.println("crash test: " + acknowledged.size() + " acknowledged, 0 lost, "
                + arrived.values().stream().filter(count -> count > 1).count() + " arrived twice, "
                + told.doubtful().size()
                + " in doubt");
    }

    @Test
    void losesNothingWhenKilledRepeatedlyUnderLoad() throws Exception {
        long seed = System.nanoTime();
        System.out.println("crash test: seed " + seed);
        Random random = new Random(seed);
        AtomicBoolean enough = new AtomicBoolean();
        Routing routing = routing();
        Thread producer = new Thread(() -> {
            try (MessageBox box = MessageBox.open(routing.messageBox(), Access.CREATE, Clock.systemUTC())) {
                SubmissionService submissionService = new SubmissionService(routing, box, port -> {});
                while (!enough.get()) {
                    submit(submissionService);
                    java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
                }
            }
        });
        producer.start();
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = run("");
            TimeUnit.MILLISECONDS.sleep(50 + random.nextInt(250));
            kill(process);
        }
        enough.set(true);
        producer.join();
        Process last = run("");
        awaitEmptyBox();
        last.destroy();
        Patience.untilEnd(last);
        assertThat(last.exitValue()).as("a drain that succeeded").isZero();
        requireConservation();
        assertThat(acknowledged).hasSizeGreaterThan(1000);
    }

    private static void kill(Process process) throws Exception {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Patience.untilEnd(process);
    }

    @InTurn
    @ParameterizedTest
    @ValueSource(
            strings = {
                "before-attempt-start:3",
                "after-attempt-start:3",
                "after-reply:3",
                "after-settle:3",
                "before-final-dot:3",
                "before-commit:12",
                "after-commit:12"
            })
    void losesNothingWhenKilledAtAFailPoint(String point) throws Exception {
        // So many that one commit for all in hand does not do.
        submit(100);
        Process doomed = run("-Dsendport.failPoint=" + point);
        Patience.untilEnd(doomed);
        assertThat(doomed.exitValue()).as("the fail point was reached").isEqualTo(137);
        Process second = run("");
        awaitEmptyBox();
        second.destroy();
        Patience.untilEnd(second);
        requireConservation();
    }

    /** As a kill from outside, while the receiver has some of the content, or all of it and has not answered. */
    @InTurn
    @ParameterizedTest
    @ValueSource(strings = {"in-data", "after-dot"})
    void losesNothingWhenKilledBeforeTheServerReplies(String place) throws Exception {
        sink.destroyForcibly();
        BufferedReader said = startSink(place);
        // More than the network holds while the receiver does not read.
        submit(1, "a line of the content\r\n".repeat(700_000));
        Process doomed = run("");
        assertThat(said.readLine()).isEqualTo(place);
        kill(doomed);
        sink.outputWriter().append("go on\n").flush();
        Process second = run("");
        awaitEmptyBox();
        second.destroy();
        Patience.untilEnd(second);
        requireConservation();
        assertThat(Files.readAllLines(received)).hasSize(place.equals("in-data") ? 1 : 2);
    }

    @InTurn
    @Test
    void refusesASecondHostOnAStoreButAcceptsCommands() throws Exception {
        Process first = run("");
        Installed.Result second = Installed.sendport(folder, "run", "-c", "sendport.xml");
        assertThat(second.status()).isEqualTo(3);
        assertThat(second.err()).contains("another host process or store command uses");
        Files.writeString(folder.resolve("m.txt"), "hello");
        Installed.Result sent =
                Installed.sendport(folder, "submit", "-c", "sendport.xml", "--port", "P", "--wait", "m.txt");
        assertThat(sent.status()).as(sent.err()).isZero();
        first.destroy();
        Patience.untilEnd(first);
    }

    @InTurn
    @Test
    void syncsTheDiskBeforeASubmitIsAcknowledged() throws Exception {
        if (!Traced.isPossible()) {
            Skipped.note(
                    "strace is not installed or may not trace here, syncs before acknowledgement were not counted");
            return;
        }
        submit(1);
        Files.writeString(folder.resolve("m.txt"), "hello");
        Path trace = folder.resolve("trace.txt");
        List<String> command = new ArrayList<>(Traced.command());
        command.addAll(List.of("-y", "-e", "trace=fsync,fdatasync,write,pwrite64", "-o", trace.toString()));
        // One alone: of several the next is written while the first is acknowledged.
        command.addAll(List.of(Installed.SCRIPT.toString(), "submit", "-c", "sendport.xml", "--port", "P", "m.txt"));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        // Where the archive of classes does not exist yet, the script makes it with a process that submits, too.
        builder.environment().put("SENDPORT_CACHE", "off");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        int pending = 0;
        int acknowledgements = 0;
        for (String line : Files.readAllLines(trace)) {
            if (line.contains("sendport.db-wal") && line.contains("pwrite64")) {
                pending++;
            } else if (line.contains("sync(") && line.contains("sendport.db-wal")) {
                pending = 0;
            } else if (line.matches(".*write\\(1<[^>]*>, \"[0-9a-f]{8}-.*")) {
                acknowledgements++;
                assertThat(pending)
                        .as("log writes not on disk when an id was printed: %s", line)
                        .isZero();
            }
        }
        assertThat(acknowledgements).as(said).isEqualTo(1);
    }
}
