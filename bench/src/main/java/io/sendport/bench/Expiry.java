package io.sendport.bench;

import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.store.commit.Access;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** For how long others cannot write while expired messages are deleted from a large SQLite message box. */
public final class Expiry {

    private static final int PAGE = 20_000;

    private Expiry() {}

    /** {@code [MESSAGES [BYTES]]}: a million of 1 KB each. */
    public static void main(String... arguments) throws Exception {
        int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int bytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_024;
        Path folder = Files.createTempDirectory("sendport-bench-expiry-");
        Path file = Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:box.db"/>
                  <host name="H"><smtp host="localhost" tls="none"/></host>
                  <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                </sendport>
                """);
        var settings = new ConfigurationReader(new CamelPlaceholders())
                .read(file)
                .configuration()
                .orElseThrow()
                .messageBox();
        try (MessageBox box = MessageBox.open(settings, Access.CREATE, Clock.systemUTC())) {
            // Loads the classes, as a process has that runs for an hour.
            box.upkeep().run();
            fill(box, messages, bytes);
            try (Waiter waiter = new Waiter(folder.resolve("box.db"))) {
                TimeUnit.SECONDS.sleep(5);
                waiter.report("nothing is deleted");
                long began = System.nanoTime();
                box.upkeep().run();
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                waiter.report(
                        String.format("%,d messages of %,d bytes deleted in %.1f s", messages, bytes, millis / 1e3));
            }
            int left = box.store().read(handle -> handle.createQuery("SELECT count(*) FROM message")
                    .mapTo(Integer.class)
                    .one());
            System.out.println(left + " messages left");
        }
    }

    private static void fill(MessageBox box, int messages, int bytes) {
        // The hourly counts of 200 ports for 400 days.
        box.store().change(transaction -> transaction
                .handle()
                .execute("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1919999)"
                        + " INSERT INTO port_hour (port, hour, sent) SELECT 'P' || (i / 9600), "
                        + Clock.systemUTC().millis() / 3_600_000 + " - 9600 + i % 9600, 1 FROM n"));
        long ended = Clock.systemUTC().millis() - Duration.ofDays(40).toMillis();
        for (int first = 0; first < messages; first += PAGE) {
            int from = first;
            int to = Math.min(first + PAGE, messages);
            box.store().change(transaction -> {
                String rows = "WITH RECURSIVE n(i) AS (SELECT " + (from + 1)
                        + " UNION ALL SELECT i + 1 FROM n WHERE i < " + to + ") ";
                transaction
                        .handle()
                        .execute(rows
                                + "INSERT INTO message (seq, id, port, host, application, state, queued, submitted_at, due_at,"
                                + " ended_at, steps, size, context, digest) SELECT i, lower(hex(randomblob(16))), 'P', 'H', '',"
                                + " 'DONE', 0, " + ended + " + i, 0, " + ended + " + i, 3, " + bytes
                                + ", '{}', lower(hex(randomblob(32))) FROM n");
                transaction
                        .handle()
                        .execute(rows
                                + "INSERT INTO part (message_seq, no, name, content_type, context, size, sha256, body)"
                                + " SELECT i, 0, '', 'text/plain', '{}', " + bytes + ", lower(hex(randomblob(32))),"
                                + " randomblob(" + bytes + ") FROM n");
                transaction
                        .handle()
                        .execute(rows + "INSERT INTO delivery (message_seq, no, state, sender, recipients, handling,"
                                + " transparency, sha256, size) SELECT i, 0, 'done', 'a@corp.example', '[]', '{}', '',"
                                + " lower(hex(randomblob(32))), 300 FROM n");
                transaction
                        .handle()
                        .execute(rows
                                + "INSERT INTO attempt (message_seq, delivery_no, no, instance, started_at, ended_at,"
                                + " components, result) SELECT i, 0, 1, 'H@machine', i, i, '[]', '{}' FROM n");
                transaction
                        .handle()
                        .execute(rows + "INSERT INTO dedupe (port, submitter, key, id, until, content)"
                                + " SELECT 'P', 'bench', hex(randomblob(16)), 'x', i, '' FROM n");
            });
        }
    }

    /** A writer of another connection, which asks for the write lock again and again. */
    private static final class Waiter implements AutoCloseable {
        private final Connection connection;
        private final Thread thread = new Thread(this::run);
        private List<Long> waits = new ArrayList<>();
        private volatile boolean ends;

        Waiter(Path file) throws SQLException {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=0");
            thread.start();
        }

        private void run() {
            try (Statement statement = connection.createStatement()) {
                while (!ends) {
                    long asked = System.nanoTime();
                    while (!begins(statement)) {
                        Thread.onSpinWait();
                    }
                    statement.execute("COMMIT");
                    synchronized (this) {
                        waits.add(System.nanoTime() - asked);
                    }
                    TimeUnit.MILLISECONDS.sleep(2);
                }
            } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static boolean begins(Statement statement) throws SQLException {
            try {
                statement.execute("BEGIN IMMEDIATE");
                return true;
            } catch (SQLException e) {
                if (e.getErrorCode() == 5) {
                    return false;
                }
                throw e;
            }
        }

        private synchronized void report(String what) {
            Collections.sort(waits);
            System.out.printf(
                    "%s; another writer waited %d times: p50 %.1f, p99 %.1f, longest %.1f ms%n",
                    what,
                    waits.size(),
                    waits.get(waits.size() / 2) / 1e6,
                    waits.get(waits.size() * 99 / 100) / 1e6,
                    waits.get(waits.size() - 1) / 1e6);
            waits = new ArrayList<>();
        }

        @Override
        public void close() throws SQLException, InterruptedException {
            ends = true;
            thread.join();
            connection.close();
        }
    }
}
