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
import io.sendport.testing.ScriptedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three hosts with 200 ports on one PostgreSQL for a long time, with faults that take turns: a relay is down, slow, or defers; the
 * configuration is reloaded; a host is killed; the database fails. The first host lives to the end: what it holds must not grow.
 * {@code -Dsendport.soak.minutes} says how long.
 */
@Timeout(7_200)
class SoakIT {

    private static final int PORTS = 200;
    /** Each of these takes turns to be down, slow and deferring. */
    private static final int FAULTY = 4;

    private static final int HOSTS = 3;
    private static final Duration BETWEEN_FAULTS = Duration.ofSeconds(10);
    private static final Duration BETWEEN_SUBMISSIONS = Duration.ofMillis(25);

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<ScriptedServer> faulty = new ArrayList<>();
    private final List<Process> hosts = new ArrayList<>();
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final List<Sample> samples = new ArrayList<>();
    private Path received;
    private Process sink;

    /** What the first host holds at one time. */
    private record Sample(double minute, double liveBytes, double threads, double descriptors, double logBytes) {}

    private static int minutes() {
        return Integer.getInteger("sendport.soak.minutes", Deep.times(0, 4));
    }

    @BeforeEach
    void startRelays() throws Exception {
        assumeTrue(minutes() > 0, "takes minutes: -Pdeep, or -Dsendport.soak.minutes");
        received = Files.createFile(folder.resolve("received.txt"));
        sink = Sink.start(received);
        for (int i = 0; i < FAULTY; i++) {
            faulty.add(new ScriptedServer());
        }
    }

    @AfterEach
    void stopAll() throws Exception {
        if (sink == null) {
            return;
        }
        hosts.forEach(Process::destroyForcibly);
        sink.destroyForcibly();
        for (ScriptedServer each : faulty) {
            each.close();
        }
    }

    private void configure(KillablePostgres database, int sinkPort, int revision) throws IOException {
        StringBuilder content = new StringBuilder("""
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="%s" user="postgres" lease="PT3S"><retention bodies="PT10S" messages="PT1M"/></messageBox>
                  <auditLedger checkpointInterval="PT20S"/>
                  <host name="H">
                    <mail from="a@corp.example" to="b@customer.example" subject="revision %d"/>
                    <retry count="1000" interval="PT1S"/>
                  </host>
                """.formatted(database.url(), revision));
        for (int i = 0; i < PORTS; i++) {
            content.append(
                    "<sendPort name=\"P%d\" host=\"H\"><smtp host=\"127.0.0.1\" port=\"%d\" tls=\"none\"/></sendPort>%n"
                            .formatted(i, i < FAULTY ? faulty.get(i).port() : sinkPort));
        }
        Path next = folder.resolve("next.xml");
        Files.writeString(next, content.append("</sendport>"));
        Files.move(next, folder.resolve("sendport.xml"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private Routing routing() {
        return new ConfigurationReader(new CamelPlaceholders()).readRouting(folder.resolve("sendport.xml"));
    }

    private Path log(int host) {
        return folder.resolve("run" + host + ".log");
    }

    private Process start(int host) throws IOException {
        return Installed.start(
                folder, "-Xmx192m", folder.resolve("run" + host + ".out"), log(host), "run", "-c", "sendport.xml");
    }

    private void submit() {
        Routing routing = routing();
        int count = 0;
        while (!isOver.get()) {
            try (MessageBox box = MessageBox.open(routing.messageBox(), Access.WRITE, Clock.systemUTC())) {
                SubmissionService submissionService = new SubmissionService(routing, box, port -> {});
                while (!isOver.get()) {
                    // One in fifty goes to a relay that has trouble.
                    int port = count % 50 == 0 ? count / 50 % FAULTY : FAULTY + count % (PORTS - FAULTY);
                    Submission submission = new Submission(
                            "P" + port,
                            Context.empty(),
                            List.of(Part.body("text/plain", Body.of("x".repeat(4_000), StandardCharsets.US_ASCII))),
                            Optional.empty(),
                            "soak");
                    acknowledged.add(submissionService.submit(submission).id().value());
                    count++;
                    TimeUnit.MILLISECONDS.sleep(BETWEEN_SUBMISSIONS.toMillis());
                }
            } catch (StoreException | NotNowException e) {
                // The database is away; a submission that got no answer does not count.
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }

    private static double metric(String scrape, String start) {
        Matcher line = Pattern.compile("(?m)^" + start + ".* (\\S+)$").matcher(scrape);
        double sum = 0;
        while (line.find()) {
            sum += Double.parseDouble(line.group(1));
        }
        return sum;
    }

    private void sample(String address, long began) throws Exception {
        // So that what is in use is what is needed.
        Patience.untilEnd(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(hosts.get(0).pid()),
                        "GC.run")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
        String scrape = client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
                .body();
        samples.add(new Sample(
                (System.nanoTime() - began) / 60e9,
                metric(scrape, "jvm_memory_used_bytes\\{area=\"heap\""),
                metric(scrape, "jvm_threads_live_threads"),
                metric(scrape, "process_files_open_files"),
                Files.size(log(0))));
        System.out.println("soak: " + samples.get(samples.size() - 1) + ", " + acknowledged.size() + " acknowledged");
    }

    /** The fault number {@code turn}; it ends what the turn before began. */
    private void fault(int turn, KillablePostgres database, int sinkPort) throws Exception {
        for (ScriptedServer each : faulty) {
            each.on("GREETING", "220 ready").on("RCPT", "250 ok").on("DOT", "250 ok");
        }
        ScriptedServer relay = faulty.get(turn % FAULTY);
        switch (turn % 6) {
            case 0 -> relay.on("GREETING", "CLOSE");
            case 1 -> relay.on("DOT", "SLOW 250 ok");
            case 2 -> relay.on("RCPT", "451 4.7.1 greylisted");
            case 3 -> configure(database, sinkPort, turn);
            case 4 -> {
                int which = 1 + turn / 6 % (HOSTS - 1);
                hosts.get(which).destroyForcibly();
                Patience.untilEnd(hosts.get(which));
                hosts.set(which, start(which));
            }
            default -> {
                database.kill();
                TimeUnit.SECONDS.sleep(1);
                database.startAgain();
            }
        }
    }

    @Test
    void resourceUseDoesNotGrowOverTime() throws Exception {
        try (KillablePostgres database = new KillablePostgres(folder.resolve("pg"));
                BufferedReader said =
                        new BufferedReader(new InputStreamReader(sink.getInputStream(), StandardCharsets.UTF_8))) {
            int sinkPort = Integer.parseInt(said.readLine().substring("port ".length()));
            configure(database, sinkPort, 0);
            for (int i = 0; i < HOSTS; i++) {
                hosts.add(start(i));
                int host = i;
                Patience.until("host " + i, () -> Installed.read(log(host)).contains("ready after"));
            }
            Matcher place = Pattern.compile("(http://\\S+/observe/metrics)").matcher(Installed.read(log(0)));
            assertThat(place.find()).isTrue();
            Thread submitter = new Thread(this::submit);
            submitter.start();
            long began = System.nanoTime();
            for (int turn = 0; System.nanoTime() - began < TimeUnit.MINUTES.toNanos(minutes()); turn++) {
                fault(turn, database, sinkPort);
                TimeUnit.MILLISECONDS.sleep(BETWEEN_FAULTS.toMillis());
                sample(place.group(1), began);
                assertThat(hosts).allMatch(Process::isAlive);
            }
            isOver.set(true);
            submitter.join();
            fault(3, database, sinkPort);
            requireNoGrowth();
            requireAllSent();
            for (Process each : hosts) {
                each.destroy();
                Patience.untilEnd(each);
            }
        }
    }

    private void requireAllSent() throws Exception {
        try (MessageBox box = MessageBox.open(routing().messageBox(), Access.READ, Clock.systemUTC())) {
            MessageFilter open =
                    MessageFilter.in(Set.of(MessageState.WAITING, MessageState.SENDING, MessageState.RETRYING));
            Patience.until(
                    "the last message",
                    () -> box.queries().list(open, Optional.of(1)).isEmpty());
            Map<String, Integer> arrived = new HashMap<>();
            for (String each : Files.readAllLines(received)) {
                arrived.merge(each, 1, Integer::sum);
            }
            Pattern id = Pattern.compile("Message-ID: <([^@]*)@");
            faulty.forEach(relay -> relay.mails().forEach(mail -> {
                Matcher matcher = id.matcher(mail);
                assertThat(matcher.find()).as(mail).isTrue();
                arrived.merge(matcher.group(1), 1, Integer::sum);
            }));
            TestBox.Told told = TestBox.told(box);
            Set<String> lost = new HashSet<>(acknowledged);
            lost.removeAll(arrived.keySet());
            Set<String> twice = new HashSet<>(arrived.keySet());
            twice.removeIf(each -> arrived.get(each) == 1);
            System.out.println("soak: " + acknowledged.size() + " acknowledged, " + arrived.size() + " arrived, "
                    + twice.size() + " twice, " + told.doubtful().size() + " in doubt");
            assertThat(TestBox.lost(box, lost)).as("acknowledged and lost").isEmpty();
            assertThat(told.doubtful()).as("second copies have a record").containsAll(twice);
            assertThat(told.accepted()).as("what the ledger calls sent arrived").isEqualTo(arrived.keySet());
            assertThat(TestBox.verify(box, routing().messageBox().place()).fault())
                    .isEmpty();
        }
    }

    /** By regression over the second half, when all is warm. */
    private void requireNoGrowth() {
        List<Sample> warm = samples.subList(samples.size() / 2, samples.size());
        assertThat(rise(warm, Sample::liveBytes))
                .as("heap after collection, %s", warm)
                .isLessThan(0.15);
        assertThat(rise(warm, Sample::threads)).as("threads, %s", warm).isLessThan(0.1);
        assertThat(rise(warm, Sample::descriptors)).as("descriptors, %s", warm).isLessThan(0.1);
    }

    /** By how much of its mean the line through the samples rises from their first to their last. */
    private static double rise(List<Sample> samples, java.util.function.ToDoubleFunction<Sample> value) {
        double meanTime = samples.stream().mapToDouble(Sample::minute).average().orElseThrow();
        double mean = samples.stream().mapToDouble(value).average().orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (Sample each : samples) {
            covariance += (each.minute() - meanTime) * (value.applyAsDouble(each) - mean);
            variance += (each.minute() - meanTime) * (each.minute() - meanTime);
        }
        double slope = covariance / variance;
        double span = samples.get(samples.size() - 1).minute() - samples.get(0).minute();
        double rise = slope * span / mean;
        System.out.printf("soak: rises by %.3f of %.0f%n", rise, mean);
        return rise;
    }
}
