package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Submission;
import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.Deep;
import io.sendport.testing.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Submitters, host processes, a receiver that counts by Message-ID, and at random one of them is killed: hosts, the database, the
 * receiver. Nothing that was acknowledged may be lost, no second copy go unsaid, no order be broken.
 */
@Timeout(3_600)
class ChaosIT {

    private static final int ORDERED_EVERY = 5;
    private static final int ENOUGH = 200;

    @TempDir
    private Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private final List<String> inOrder = Collections.synchronizedList(new ArrayList<>());
    private final Map<Integer, Process> hosts = new HashMap<>();
    private Path received;
    private Process sink;
    private int sinkPort;
    private int submitsRefused;
    private volatile boolean enough;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(
                Deep.isOn() || Integer.getInteger("sendport.chaos.seconds") != null,
                "kills at random for minutes: -Pdeep");
        System.out.println("chaos: seed " + seed);
        received = folder.resolve("received.txt");
        Files.createFile(received);
        startSink();
    }

    @AfterEach
    void stop() {
        if (sink == null) {
            return;
        }
        sink.destroyForcibly();
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private void startSink() throws IOException {
        sink = Sink.start(received, "nowhere", sinkPort);
        BufferedReader said = new BufferedReader(new InputStreamReader(sink.getInputStream(), StandardCharsets.UTF_8));
        sinkPort = Integer.parseInt(said.readLine().substring(5));
    }

    private void configure(String messageBox) throws IOException {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox %s lease="PT2S"/>
                  <host name="H">
                    <smtp host="127.0.0.1" port="%d" tls="none"/>
                    <mail from="a@corp.example" to="b@customer.example"/>
                    <retry count="1000" interval="PT0.2S"/>
                  </host>
                  <sendPort name="P" host="H"/>
                  <sendPort name="Ordered" host="H" ordered="true"/>
                </sendport>
                """.formatted(messageBox, sinkPort));
    }

    private Routing routing() {
        return new ConfigurationReader(new CamelPlaceholders()).readRouting(folder.resolve("sendport.xml"));
    }

    private Process host(int number) throws IOException {
        return Installed.start(
                folder,
                "-Xmx256m",
                folder.resolve("run" + number + ".out"),
                folder.resolve("run" + number + ".log"),
                "run",
                "-c",
                "sendport.xml");
    }

    private static void kill(Process process) throws Exception {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Patience.untilEnd(process);
    }

    /** Submits until it is enough, one of five to the port that keeps the order; what is not acknowledged does not count. */
    private void submitAll() {
        Routing routing = routing();
        while (!enough) {
            try (MessageBox box = MessageBox.open(routing.messageBox(), Access.CREATE, Clock.systemUTC())) {
                SubmissionService submissionService = new SubmissionService(routing, box, port -> {});
                for (int n = 0; !enough; n++) {
                    boolean ordered = n % ORDERED_EVERY == 0;
                    Submission submission = new Submission(
                            ordered ? "Ordered" : "P",
                            Context.empty(),
                            List.of(Part.body("text/plain", Body.of("x", StandardCharsets.US_ASCII))),
                            Optional.empty(),
                            "test");
                    String id = submissionService.submit(submission).id().value();
                    acknowledged.add(id);
                    if (ordered) {
                        inOrder.add(id);
                    }
                    LockSupport.parkNanos(3_000_000);
                }
            } catch (StoreException | NotNowException e) {
                submitsRefused++;
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    private interface Blow {
        void fall() throws Exception;
    }

    private void chaos(int instances, List<Blow> others, int seconds) throws Exception {
        Thread submitter = new Thread(this::submitAll);
        submitter.start();
        for (int i = 0; i < instances; i++) {
            hosts.put(i, host(i));
        }
        TimeUnit.SECONDS.sleep(3);
        requireAllAlive("all started");
        int kills = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end || acknowledged.size() <= ENOUGH || kills < Deep.times(0, 500)) {
            requireAllAlive("still there before blow " + kills);
            int which = random.nextInt(instances + 1 + others.size());
            if (which < instances) {
                Process host = hosts.get(which);
                if (random.nextInt(4) == 0) {
                    host.destroy();
                    Patience.untilEnd(host);
                } else {
                    kill(host);
                }
                hosts.put(which, host(which));
            } else if (which == instances) {
                kill(sink);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000));
                startSink();
            } else {
                others.get(which - instances - 1).fall();
            }
            kills++;
            TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(2_000));
        }
        enough = true;
        submitter.join();
        requireAllAlive("whatever happened, none gave up");
        awaitEmptyBox();
        for (Process host : hosts.values()) {
            host.destroy();
            Patience.untilEnd(host);
        }
        requireConservation(kills);
    }

    /** A host that ended says why in its log, so the failure quotes it. */
    private void requireAllAlive(String what) throws IOException {
        for (Map.Entry<Integer, Process> each : hosts.entrySet()) {
            boolean alive = each.getValue().isAlive();
            String log = alive ? "" : Files.readString(folder.resolve("run" + each.getKey() + ".log"));
            assertThat(alive)
                    .as("%s: host %d, seed %d%n%s", what, each.getKey(), seed, log)
                    .isTrue();
        }
    }

    /** Ten minutes in the deep build, and 500 kills at least, or as long as it is told to. */
    private static int seconds(int daily) {
        return Integer.getInteger("sendport.chaos.seconds", Deep.times(daily, 600));
    }

    private void awaitEmptyBox() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Deep.times(180, 600));
        try (MessageBox box = MessageBox.open(routing().messageBox(), Access.READ, Clock.systemUTC())) {
            MessageFilter open =
                    MessageFilter.in(Set.of(MessageState.WAITING, MessageState.SENDING, MessageState.RETRYING));
            while (!box.queries().list(open, Optional.of(1)).isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            List<String> left = box.store().read(handle -> handle.createQuery(
                            "SELECT port || ' ' || state || ' ' || coalesce(lease_owner, '-') || ' ' || count(*) || ' since ' || min(seq)"
                                    + " FROM message WHERE ended_at IS NULL GROUP BY port, state, lease_owner")
                    .mapTo(String.class)
                    .list());
            assertThat(left).as("still there, seed " + seed).isEmpty();
        }
    }

    private void requireConservation(int kills) throws IOException {
        List<String> arrivals = Files.readAllLines(received);
        Map<String, Integer> arrived = new HashMap<>();
        arrivals.forEach(id -> arrived.merge(id, 1, Integer::sum));
        TestBox.Told told;
        try (MessageBox box = MessageBox.open(routing().messageBox(), Access.READ, Clock.systemUTC())) {
            told = TestBox.told(box);
            assertThat(TestBox.verify(box, routing().messageBox().place()).fault())
                    .as("seed " + seed)
                    .isEmpty();
            Set<String> lost = new HashSet<>(acknowledged);
            lost.removeAll(arrived.keySet());
            assertThat(TestBox.lost(box, lost))
                    .as("acknowledged and lost, seed " + seed)
                    .isEmpty();
        }
        long twice = arrived.values().stream().filter(count -> count > 1).count();
        System.out.println("chaos: " + kills + " kills, " + acknowledged.size() + " acknowledged, " + submitsRefused
                + " times no submit was possible, " + twice + " arrived twice, "
                + told.doubtful().size() + " in doubt");
        assertThat(arrived.entrySet())
                .as("second copies have a record, seed " + seed)
                .filteredOn(each -> each.getValue() > 1)
                .extracting(Map.Entry::getKey)
                .allMatch(told.doubtful()::contains);
        assertThat(told.accepted())
                .as("what the ledger calls sent is what the receiver took, seed " + seed)
                .isEqualTo(arrived.keySet());
        List<String> ordered =
                arrivals.stream().distinct().filter(inOrder::contains).toList();
        assertThat(ordered).as("in order, seed " + seed).isEqualTo(inOrder);
        assertThat(acknowledged).hasSizeGreaterThan(ENOUGH);
    }

    @Test
    void losesNothingOnSqlite() throws Exception {
        configure("url=\"jdbc:sqlite:box.db\"");
        chaos(1, List.of(), seconds(8));
    }

    @Test
    void losesNothingOnPostgresWithThreeHosts() throws Exception {
        try (KillablePostgres postgres = new KillablePostgres(folder.resolve("pgdata"))) {
            configure("url=\"" + postgres.url() + "\" user=\"postgres\"");
            chaos(
                    3,
                    List.of(() -> {
                        postgres.kill();
                        TimeUnit.MILLISECONDS.sleep(random.nextInt(2_500));
                        postgres.startAgain();
                    }),
                    seconds(20));
        }
    }
}
