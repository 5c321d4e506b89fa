package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.submit.NotNowException;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two hosts on a primary that is killed under load: when its synchronous standby is promoted, nothing acknowledged is lost. */
@Timeout(600)
@InTurn
class FailoverIT {

    private static final long LEASE_SECONDS = 10;
    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private final AtomicInteger refused = new AtomicInteger();
    private ScriptedServer relay;
    private volatile boolean enough;

    @BeforeEach
    void start() throws Exception {
        // An attempt takes a while, so that some are under way when the primary dies.
        relay = new ScriptedServer().on("DOT", "SLOW 250 2.0.0 Ok: queued");
    }

    @AfterEach
    void stop() throws Exception {
        relay.close();
    }

    private String configuration(PostgresPair pair) {
        return """
                <messageBox url='%s' user='postgres' lease='PT%dS'/>
                <auditLedger checkpointInterval='PT1S'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none' maxConnections='8'/></host>
                <sendPort name='P' host='H'>
                  <mail from='a@corp.example' to='b@customer.example'/>
                  <retry count='1000' interval='PT0.2S'/>
                </sendPort>
                """.formatted(pair.url(), LEASE_SECONDS, relay.port());
    }

    private Path folder(String machine) throws IOException {
        return Files.createDirectories(folder.resolve(machine));
    }

    /** Of each test. */
    static IntStream rounds() {
        return IntStream.range(0, Deep.times(1, 10));
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void losesNothingWhenBothHostsOutliveThePrimary(int round) throws Exception {
        try (PostgresPair pair = new PostgresPair(folder.resolve("pair"));
                RunningHost one = RunningHost.start(folder("one"), configuration(pair));
                RunningHost two = RunningHost.start(folder("two"), configuration(pair))) {
            failOver(round, pair, List.of(one, two), () -> {}, () -> Set.of());
        }
    }

    /** As when both are on the machine that is lost. What that host had begun to send is in doubt, and is sent again. */
    @ParameterizedTest
    @MethodSource("rounds")
    void losesNothingWhenAHostDiesWithThePrimary(int round) throws Exception {
        try (PostgresPair pair = new PostgresPair(folder.resolve("pair"));
                RunningHost one = RunningHost.start(folder("one"), configuration(pair))) {
            RunningHost.write(folder("two"), configuration(pair));
            Process two = Installed.run(folder("two"), "-Xmx256m", "sendport.xml");
            try {
                failOver(round, pair, List.of(one), () -> kill(two), () -> openAt(pair, two));
            } finally {
                kill(two);
            }
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    /** The messages that {@code process} was sending, as the promoted server knows it. */
    private static Set<String> openAt(PostgresPair pair, Process process) throws Exception {
        String instances = " LIKE '%-" + process.pid() + "-%'";
        String open = pair.onStandby("SELECT string_agg(id, ' ') FROM (SELECT m.id FROM attempt a JOIN message m"
                + " ON m.seq = a.message_seq WHERE a.ended_at IS NULL AND a.instance" + instances
                + " UNION SELECT id FROM message WHERE first_started_at IS NOT NULL AND first_ended_at IS NULL"
                + " AND first_instance" + instances + ") open");
        assertThat(open).as("messages that were being sent").isNotEqualTo("null");
        return Set.of(open.split(" "));
    }

    private interface OpenMessages {
        Set<String> read() throws Exception;
    }

    /**
     * @param withIt happens when the primary is killed
     * @param open the messages that the killed process was sending
     */
    private void failOver(int round, PostgresPair pair, List<RunningHost> hosts, Runnable withIt, OpenMessages open)
            throws Exception {
        Set<String> doubtful;
        Thread submitter = new Thread(() -> submitTo(hosts), "submitter");
        submitter.start();
        try {
            await(
                    () -> pair.onPrimary(
                                            "SELECT count(DISTINCT instance) FROM"
                                                    + " (SELECT instance FROM attempt WHERE ended_at IS NULL UNION ALL SELECT first_instance"
                                                    + " FROM message WHERE first_started_at IS NOT NULL AND first_ended_at IS NULL) open")
                                    .equals("2")
                            && relay.mails().size() >= 50,
                    "both hosts send");
            pair.killPrimary();
            withIt.run();
            pair.promoteStandby();
            long promoted = System.nanoTime();
            doubtful = open.read();
            int before = acknowledged.size();
            // The first may be the one that was under way when the primary died.
            await(() -> acknowledged.size() >= before + 2, "submits succeed again");
            Duration found = Duration.ofNanos(System.nanoTime() - promoted);
            System.out.println("failover: round " + round + ", a submit succeeded " + found.toMillis()
                    + " ms after the promotion");
            assertThat(found)
                    .as("the new primary is found within a lease")
                    .isLessThan(Duration.ofSeconds(LEASE_SECONDS));
            int sent = relay.mails().size();
            await(() -> relay.mails().size() >= sent + 20, "messages are sent again");
        } finally {
            enough = true;
            submitter.join();
        }
        MessageBox box = hosts.get(0).process().box();
        await(() -> box.queries().list(MessageFilter.open(), Optional.of(1)).isEmpty(), "all messages have ended");
        requireConservation(box, doubtful);
        for (String machine : List.of("one", "two")) {
            Path place = RunningHost.read(folder(machine), configuration(pair))
                    .configuration()
                    .orElseThrow()
                    .messageBox()
                    .place();
            assertThat(place.resolveSibling(place.getFileName() + ".checkpoints"))
                    .isNotEmptyDirectory();
            assertThat(TestBox.verify(box, place).fault())
                    .as("the ledger, by the checkpoints of machine " + machine)
                    .isEmpty();
        }
    }

    private void submitTo(List<RunningHost> hosts) {
        for (int n = 0; !enough; n++) {
            try {
                acknowledged.add(hosts.get(n % hosts.size()).submit("P", BODY).value());
                LockSupport.parkNanos(10_000_000);
            } catch (StoreException | NotNowException e) {
                refused.incrementAndGet();
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    private static long doubts(MessageBox box) {
        List<AuditRecord> records = new ArrayList<>();
        box.ledger().read(AuditFilter.all().ofKinds(List.of(Kind.IN_DOUBT)), records::add);
        return records.size();
    }

    private void requireConservation(MessageBox box, Set<String> doubtful) {
        Map<String, Integer> arrived = new HashMap<>();
        relay.mails().forEach(mail -> arrived.merge(id(mail), 1, Integer::sum));
        Map<String, List<AuditRecord>> records = new HashMap<>();
        box.ledger()
                .read(
                        AuditFilter.all().ofKinds(List.of(Kind.ATTEMPT_STARTED, Kind.IN_DOUBT)),
                        each -> records.computeIfAbsent(each.header("message"), name -> new ArrayList<>())
                                .add(each));
        long twice = arrived.values().stream().filter(count -> count > 1).count();
        System.out.println("failover: " + acknowledged.size() + " acknowledged, " + refused + " refused, " + twice
                + " arrived more than once, " + doubts(box) + " records IN_DOUBT");
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(arrived.keySet());
        assertThat(lost).as("acknowledged and lost").isEmpty();
        assertThat(arrived).as("more copies than the ledger explains").allSatisfy((id, copies) -> assertThat(copies)
                .as("copies of " + id)
                .isLessThanOrEqualTo(1 + doubtsBeforeAnAttempt(records.getOrDefault(id, List.of()))));
        assertThat(records.values().stream().flatMap(List::stream).filter(FailoverIT::isDoubt))
                .as("each names the Message-ID that the relay may know")
                .allSatisfy(each -> assertThat(each.detail("mimeMessageId")).contains(each.header("message")));
        assertThat(doubtful)
                .as("each that was being sent by the dead process is in doubt once")
                .allSatisfy(id -> assertThat(records.get(id).stream().filter(FailoverIT::isDoubt))
                        .hasSize(1));
        assertThat(records.values()).as("one record IN_DOUBT for each attempt").allSatisfy(each -> assertThat(
                        each.stream().filter(FailoverIT::isDoubt).map(FailoverIT::attempt))
                .doesNotHaveDuplicates());
    }

    private static boolean isDoubt(AuditRecord record) {
        return record.header("kind").equals(Kind.IN_DOUBT.name());
    }

    private static String attempt(AuditRecord record) {
        return record.header("message") + " " + record.header("delivery") + "." + record.header("attempt");
    }

    /** How many attempts began right after a record IN_DOUBT of the same message. */
    private static int doubtsBeforeAnAttempt(List<AuditRecord> records) {
        List<AuditRecord> inOrder = records.stream()
                .sorted(java.util.Comparator.comparingLong(each -> Long.parseLong(each.header("step"))))
                .toList();
        int count = 0;
        for (int i = 1; i < inOrder.size(); i++) {
            count += isDoubt(inOrder.get(i - 1)) && !isDoubt(inOrder.get(i)) ? 1 : 0;
        }
        return count;
    }

    private static String id(String mail) {
        int start = mail.indexOf("Message-ID: <") + 13;
        return new MessageId(mail.substring(start, mail.indexOf('@', start))).value();
    }

    private static void await(Patience.Condition condition, String what) throws Exception {
        Patience.until(what, condition);
    }
}
