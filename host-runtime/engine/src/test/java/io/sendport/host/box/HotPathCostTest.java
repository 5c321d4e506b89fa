package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.message.Body;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.decide.NextAction;
import io.sendport.host.ledger.Lane;
import io.sendport.host.store.CountedStore;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a message of 4 KB costs from its submit to its result, in what does not depend on the machine. The limits are in
 * {@code hot-path-limits.properties}; a change that exceeds one has to justify the new limit.
 */
class HotPathCostTest {

    private static final int WARM_UP = 100;
    private static final int MESSAGES = 300;
    private static final int TEXT_BYTES = 4_096;

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void aMessageCostsNoMoreThanTheLimits() throws Exception {
        Map<String, Double> costs = measured();
        Properties limits = new Properties();
        try (InputStream in = HotPathCostTest.class.getResourceAsStream("/hot-path-limits.properties")) {
            limits.load(in);
        }
        System.out.println("hot path, a message: " + costs);
        assertThat(limits.stringPropertyNames().stream()
                        .map(name -> name.replace(".java25", ""))
                        .collect(Collectors.toSet()))
                .isEqualTo(costs.keySet());
        costs.forEach((name, cost) -> assertThat(cost)
                .as(name + " a message; see docs/performance.md before you change the limit")
                .isLessThanOrEqualTo(limit(limits, name)));
    }

    private static double limit(Properties limits, String name) {
        boolean ownLimit = Runtime.version().feature() >= 25 && limits.containsKey(name + ".java25");
        return Double.parseDouble(limits.getProperty(ownLimit ? name + ".java25" : name));
    }

    private Map<String, Double> measured() throws Exception {
        MessageBoxSettings settings = TestBox.settings(folder);
        CountedStore store = new CountedStore(settings.place());
        try (MessageBox box = MessageBox.open(store.open(), settings, clock, Lane.shared())) {
            MemoryClaims claims = box.claims().inMemory().orElseThrow();
            claims.open("P");
            claims.claim("P", 1, Set.of(), true);
            send(box, claims, WARM_UP);
            // While somebody reads what the log has, it only grows, and its size says what was written.
            try (Connection reader = DriverManager.getConnection(settings.url());
                    Statement statement = reader.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
                send(box, claims, 1);
                reader.setAutoCommit(false);
                statement.executeQuery("SELECT count(*) FROM message").close();
                long statements = store.statements();
                long commits = store.commits();
                long syncs = store.syncs();
                long written = logBytes(settings);
                long allocated = allocated();
                send(box, claims, MESSAGES);
                return new TreeMap<>(Map.of(
                        "allocatedBytes", (double) (allocated() - allocated) / MESSAGES,
                        "statements", (double) (store.statements() - statements) / MESSAGES,
                        "commits", (double) (store.commits() - commits) / MESSAGES,
                        "syncs", (double) (store.syncs() - syncs) / MESSAGES,
                        "logBytes", (double) (logBytes(settings) - written) / MESSAGES));
            }
        }
    }

    private void send(MessageBox box, MemoryClaims claims, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            TestBox.submit(box, clock, "P", Body.wrapping(new byte[TEXT_BYTES]), Optional.empty());
            MessageRow row = claims.claim("P", 1, Set.of(), false).get(0);
            box.inbox().next(row);
            Delivery delivery = TestBox.delivery(row, "b@customer.example");
            int attempt = TestBox.start(box, row, delivery, "i", true);
            box.attempts()
                    .settle(
                            row,
                            delivery,
                            attempt,
                            "i",
                            TestBox.result(delivery, Outcome.ACCEPTED),
                            Optional.of(all -> new NextAction.Done()));
        }
    }

    private static long logBytes(MessageBoxSettings settings) throws IOException {
        return Files.size(settings.place().resolveSibling(settings.place().getFileName() + "-wal"));
    }

    private static long allocated() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
