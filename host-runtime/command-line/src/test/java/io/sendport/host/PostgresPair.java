package io.sendport.host;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL primary and its synchronous standby on this machine, which a test can kill, stop, start and promote.
 *
 * <p>The bundle of the tests has no {@code pg_basebackup}: the standby is a copy of the primary's data directory from before its first
 * start.
 */
final class PostgresPair implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final String STANDBY = "standby";

    private final Path folder;
    private final int primaryPort;
    private final int standbyPort;
    private final EmbeddedPostgres primary;
    private EmbeddedPostgres standby;
    private boolean killed;
    private boolean stopped;

    /** Starts both in {@code folder}, and returns when the standby is synchronous. */
    PostgresPair(Path folder) throws Exception {
        this.folder = folder;
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket two = new ServerSocket(0)) {
            this.primaryPort = one.getLocalPort();
            this.standbyPort = two.getLocalPort();
        }
        this.primary = server("primary", primaryPort)
                .setDataDirectoryCustomizer(this::prepare)
                .start();
        try {
            this.standby = server(STANDBY, standbyPort).start();
            awaitReplication("state = 'streaming' AND sync_state = 'sync'");
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private EmbeddedPostgres.Builder server(String name, int port) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve(name))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                // The bundle's own default is off, on the command line.
                .setServerConfig("synchronous_commit", "on")
                .setPort(port);
    }

    /** Between {@code initdb} and the first start. */
    private void prepare(File data) {
        try {
            Path copy = folder.resolve(STANDBY);
            append(
                    data.toPath(),
                    "unix_socket_directories = ''",
                    "wal_keep_size = '256MB'",
                    "wal_retrieve_retry_interval = '100ms'",
                    "wal_receiver_status_interval = '1s'");
            copy(data.toPath(), copy);
            append(
                    copy,
                    "primary_conninfo = 'host=127.0.0.1 port=" + primaryPort
                            + " user=postgres application_name=standby'");
            Files.createFile(copy.resolve("standby.signal"));
            append(data.toPath(), "synchronous_standby_names = 'standby'");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(Path data, String... lines) throws IOException {
        Files.write(data.resolve("postgresql.conf"), List.of(lines), StandardOpenOption.APPEND);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.copy(
                        each,
                        to.resolve(from.relativize(each).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /** Names both servers; the driver connects to the one that takes writes. The user is {@code postgres}. */
    String url() {
        return "jdbc:postgresql://localhost:" + primaryPort + ",localhost:" + standbyPort
                + "/postgres?targetServerType=primary";
    }

    /** As by {@code kill -9}: nothing is flushed, no connection is closed in order. */
    void killPrimary() throws Exception {
        long pid = Long.parseLong(Files.readAllLines(folder.resolve("primary/postmaster.pid"))
                .get(0)
                .trim());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> backends = postmaster.descendants().toList();
        // The postmaster first, or it would start new ones.
        postmaster.destroyForcibly();
        backends.forEach(ProcessHandle::destroyForcibly);
        await(() -> !postmaster.isAlive() && backends.stream().noneMatch(ProcessHandle::isAlive), "primary is dead");
        killed = true;
    }

    /** From now on a commit on the primary waits for the standby, unless {@link #makeAsynchronous} was called. */
    void stopStandby() throws Exception {
        standby.close();
        stopped = true;
        if (!killed) {
            await(
                    () -> onPrimary("SELECT count(*) FROM pg_stat_replication").equals("0"),
                    "the primary knows that the standby is gone");
        }
    }

    /** Returns when the standby follows the primary again, where that still lives. */
    void startStandby() throws Exception {
        standby = server(STANDBY, standbyPort).start();
        stopped = false;
        if (!killed) {
            awaitReplication("state = 'streaming'");
        }
    }

    /** Returns when the standby has applied all that the primary has written so far. */
    void awaitStandbyCaughtUp() throws Exception {
        String written = onPrimary("SELECT pg_current_wal_lsn()");
        awaitReplication("replay_lsn >= '" + written + "'");
    }

    /** Returns when the standby takes writes. */
    void promoteStandby() throws SQLException {
        String promoted = onStandby("SELECT pg_promote(true, 60)");
        if (!promoted.equals("t")) {
            throw new IllegalStateException("the standby was not promoted within 60 s");
        }
    }

    /** From now on a commit on the primary does not wait for the standby. */
    void makeAsynchronous() throws Exception {
        execute(primaryPort, "ALTER SYSTEM SET synchronous_standby_names = ''");
        execute(primaryPort, "SELECT pg_reload_conf()");
        await(
                () -> onPrimary("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'async'")
                        .equals("1"),
                "the standby is asynchronous");
    }

    /** The first value that {@code query} gives on the server that began as primary. */
    String onPrimary(String query) throws SQLException {
        return first(primaryPort, query);
    }

    /** The first value that {@code query} gives on the server that began as standby. */
    String onStandby(String query) throws SQLException {
        return first(standbyPort, query);
    }

    private void awaitReplication(String condition) throws Exception {
        await(
                () -> onPrimary("SELECT count(*) FROM pg_stat_replication WHERE " + condition)
                        .equals("1"),
                "pg_stat_replication has a row with " + condition);
    }

    private interface Condition {
        boolean holds() throws SQLException;
    }

    private static void await(Condition condition, String what) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not in time: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static String first(int port, String query) throws SQLException {
        try (Connection connection = connect(port);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    private static void execute(int port, String sql) throws SQLException {
        try (Connection connection = connect(port);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(int port) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "90");
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + port + "/postgres", properties);
    }

    /** Stops both and deletes their data. */
    @Override
    public void close() throws IOException {
        if (standby != null && !stopped) {
            standby.close();
        }
        if (!killed) {
            primary.close();
        }
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(each);
                }
            }
        }
    }
}
