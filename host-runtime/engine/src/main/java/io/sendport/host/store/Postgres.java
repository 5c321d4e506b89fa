package io.sendport.host.store;

import com.zaxxer.hikari.HikariConfig;
import io.sendport.api.settings.Secret;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.RecordsLock;
import io.sendport.host.store.commit.Schema;
import io.sendport.host.store.commit.ServerIdentity;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.Writer;
import io.sendport.host.store.connection.Connections;
import io.sendport.host.store.sql.BatchedSql;
import io.sendport.host.store.sql.Sql;
import io.sendport.host.store.sql.StatementCache;
import io.sendport.support.Failures;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.PGConnection;

/** A PostgreSQL database, which processes on several machines may share. */
final class Postgres implements Database {

    /** A server that does not answer within this time counts as unavailable. Normal statements are much faster. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    /** For statements that take longer, such as those that verify a ledger or delete expired data. */
    private static final Duration LONG_TIMEOUT = Duration.ofMinutes(10);

    /** For the frequent short queries of a host: if one takes longer, the connection is dead. */
    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(3);

    /** For a statement that writes. A commit may take longer, because it waits for a standby. */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(4);

    /** A connection waits for the answer to each statement. Several connections use that time for other writes. */
    private static final int WRITERS = 2;

    private static final int ROWS_AT_ONCE = 1_000;

    private static final int POOLING_TRIES = 5;

    private static final Schema SCHEMA = new Schema(
            "classpath:io/sendport/host/store/migration/postgresql",
            "SELECT count(*) FROM pg_class WHERE oid = to_regclass('flyway_schema_history')");

    private final String url;
    private final Connections connections;
    private final Duration commits;
    private final DatabaseClock clock = new DatabaseClock();
    private final ConfirmedCommits confirmed = new ConfirmedCommits(clock);

    /**
     * The database at {@code url}.
     *
     * @param connections the source of connections to it
     * @param commits how long a commit may take
     */
    Postgres(String url, Connections connections, Duration commits) {
        this.url = url;
        this.connections = connections;
        this.commits = commits;
    }

    @Override
    public void logOnAs(Optional<String> user, Optional<Secret> password) {
        connections.logOnAs(user, password);
    }

    /** The URL without its options, which may contain a password. */
    @Override
    public String name() {
        return url.replaceFirst("^jdbc:", "").replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
    }

    @Override
    public Map<String, String> dialect() {
        return Map.of(
                "skipLocked",
                "FOR UPDATE SKIP LOCKED",
                "forUpdate",
                "FOR UPDATE",
                "mayDelete",
                "has_table_privilege(?, 'DELETE')",
                "mayErase",
                "has_column_privilege(?, 'private', 'UPDATE')",
                "day",
                "to_char(to_timestamp(submitted_at / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
                "among",
                "IN (SELECT jsonb_array_elements_text(?::jsonb))");
    }

    @Override
    public void prepare(Access access) {
        if (Schema.mustCreate(version(), access, name())) {
            migrate();
        }
    }

    @Override
    public int version() {
        return Jdbi.create(source(ANSWER_TIMEOUT)).withHandle(handle -> {
            try {
                refuseTransactionPooling(handle.getConnection());
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
            return version(handle);
        });
    }

    @Override
    public void migrate() {
        try {
            SCHEMA.migrate(source(LONG_TIMEOUT));
        } catch (FlywayException e) {
            throw new StoreException(
                    "the message box " + name() + " cannot be upgraded to schema version " + Schema.VERSION + " by "
                            + connections.user() + ": " + Failures.reason(e)
                            + "; if another user owns the tables, run `sendport store migrate --user OWNER`",
                    e);
        }
    }

    private int version(Handle handle) {
        unsupported(handle.createQuery("SELECT version()").mapTo(String.class).one())
                .ifPresent(why -> {
                    throw new StoreException("the message box " + name() + " cannot be used: " + why, null);
                });
        clock.read(handle);
        String encoding =
                handle.createQuery("SHOW server_encoding").mapTo(String.class).one();
        if (!encoding.equals("UTF8")) {
            throw new StoreException(
                    "the database " + name() + " has the encoding " + encoding
                            + ", but Sendport needs UTF8. Create a database with"
                            + " ENCODING 'UTF8' TEMPLATE template0, and name it in <messageBox url>",
                    null);
        }
        return SCHEMA.version(handle);
    }

    /**
     * Why a server is refused although it speaks PostgreSQL's protocol; empty for PostgreSQL. The message box needs features that were
     * not tested on other servers: notifications, the order of sequences, SKIP LOCKED, and transactions that fail only at their commit.
     *
     * @param version the result of {@code version()}
     */
    static Optional<String> unsupported(String version) {
        String other = version.contains("CockroachDB") ? "CockroachDB" : version.contains("-YB-") ? "YugabyteDB" : "";
        return other.isEmpty()
                ? Optional.empty()
                : Optional.of("the server is " + other + ", which is not supported; use PostgreSQL 12 or later");
    }

    /**
     * Refuses a pooler in transaction mode, because locks, settings and notifications belong to a session. A pooler reports a process id
     * of its own to its client. If the id is not that of the server process, this opens a second session. If both sessions use the same
     * server process, or the process of the first one changes, the pooler is in transaction mode.
     */
    private void refuseTransactionPooling(Connection first) throws SQLException {
        if (first.unwrap(PGConnection.class).getBackendPID() == serverProcess(first)) {
            return;
        }
        try (Connection second = source(ANSWER_TIMEOUT).getConnection()) {
            for (int tries = 0; tries < POOLING_TRIES; tries++) {
                int one = serverProcess(first);
                if (one == serverProcess(second) || one != serverProcess(first)) {
                    throw new StoreException(
                            "the message box " + name()
                                    + " cannot be used through a pooler in transaction mode, such as"
                                    + " PgBouncer with pool_mode = transaction; use the server's direct port, or a pool in session mode",
                            null);
                }
            }
        }
    }

    private static int serverProcess(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public DataSource forUpgrade() {
        return source(ANSWER_TIMEOUT);
    }

    @Override
    public HikariConfig forReading() {
        return forReading(LONG_TIMEOUT);
    }

    @Override
    public Optional<HikariConfig> forShortReads() {
        return Optional.of(forReading(SHORT_TIMEOUT));
    }

    private HikariConfig forReading(Duration answer) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(connections.reading(answer, ROWS_AT_ONCE));
        config.setReadOnly(true);
        // Without this, the pool asks its first connection. If that connection breaks, the pool keeps -1, and every
        // later connection fails.
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setValidationTimeout(SHORT_TIMEOUT.toMillis());
        config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        config.setIdleTimeout(Duration.ofMinutes(2).toMillis());
        config.setMaxLifetime(Duration.ofMinutes(10).toMillis());
        return config;
    }

    @Override
    public Writer forWriting() {
        Duration answer = commits.compareTo(STATEMENT_TIMEOUT) < 0 ? commits : STATEMENT_TIMEOUT;
        Jdbi jdbi = Store.speaking(Jdbi.create(source(answer)), this);
        return new PostgresWriter(
                () -> jdbi.open().setStatementBuilder(new StatementCache(dialect())),
                this::isAway,
                clock,
                commits,
                confirmed);
    }

    @Override
    public Optional<ServerIdentity> server() {
        return confirmed.server();
    }

    @Override
    public Sql sql(Handle handle) {
        return new BatchedSql(handle.getConnection(), (StatementCache) handle.getStatementBuilder());
    }

    @Override
    public int writers() {
        return WRITERS;
    }

    private DataSource source(Duration answer) {
        return connections.waiting(answer);
    }

    /** The server cannot be reached, is stopping or starting, or has become a read-only standby. */
    @Override
    public boolean isAway(Throwable failure) {
        String state = stateOf(failure);
        return state.startsWith("08") || state.startsWith("57P") || state.equals("25006") || state.equals("53300");
    }

    @Override
    public AutoCloseable limit(Handle handle, Duration most) {
        handle.execute("SET statement_timeout = " + Math.max(100, most.toMillis()));
        return () -> handle.execute("RESET statement_timeout");
    }

    /** The server canceled the query: SQL state {@code query_canceled}. */
    @Override
    public boolean isOutOfTime(Throwable failure) {
        return stateOf(failure).equals("57014");
    }

    @Override
    public boolean isConflict(Throwable failure) {
        return Set.of("40001", "40P01", "55P03").contains(stateOf(failure));
    }

    /** SQL state {@code insufficient_privilege}. */
    @Override
    public boolean isForbidden(Throwable failure) {
        return stateOf(failure).equals("42501");
    }

    @Override
    public String advice(Throwable failure) {
        String state = stateOf(failure);
        if (state.equals("53100")) {
            return "; the disk of the database is full; free disk space and try again";
        }
        if (isForbidden(failure)) {
            return "; this user lacks a privilege, see docs/postgresql.md";
        }
        return isAway(failure) ? "; a running host retries until it is available again" : "";
    }

    /**
     * The database's clock, so that machines with different clocks agree on leases and due times. A clock other than the system clock
     * is the clock of a test, and stays.
     */
    @Override
    public Clock clock(Clock own) {
        return own.equals(Clock.systemUTC()) ? clock : own;
    }

    @Override
    public Optional<AutoCloseable> onWork(Runnable look) {
        return Optional.of(new PostgresWorkListener(source(ANSWER_TIMEOUT), look));
    }

    @Override
    public void copy(Path to) {
        throw new StoreException(
                "`sendport store backup` is only for SQLite; use PostgreSQL's own tools, such as pg_dump, see"
                        + " docs/postgresql.md",
                null,
                StoreException.Reason.INVALID);
    }

    @Override
    public void sweep(Handle handle, long before) {
        // A writer that asks whether its last commit is stored must find its row. It asks within minutes, and rows are
        // kept for a day.
        handle.execute(
                "DELETE FROM writer WHERE at < least(?, " + DatabaseClock.MICROS + " / 1000 - 86400000)", before);
    }

    /** Nothing to do: PostgreSQL's vacuum removes deleted rows. */
    @Override
    public void overwriteDeleted(Handle handle) {}

    @Override
    public void endOverwriting(Handle handle) {}

    @Override
    public int pageOfMovedRows() {
        return 0;
    }

    @Override
    public void overwriteFreePages() {
        // The configuration does not allow this setting on PostgreSQL.
    }

    @Override
    public boolean isOwnerGone() {
        return false;
    }

    @Override
    public Optional<AutoCloseable> lockRecords(RecordsLock why) {
        return AdvisoryLock.acquire(Jdbi.create(source(LONG_TIMEOUT)).open(), why);
    }

    @Override
    public OptionalLong freeBytes() {
        return OptionalLong.empty();
    }

    @Override
    public long usedBytes(Handle handle, long limit) {
        // PostgreSQL does not shrink the files of a table. Count the messages only if the files exceed the limit.
        long taken = handle.createQuery("SELECT pg_total_relation_size('part') + pg_total_relation_size('body_chunk')"
                        + " + pg_total_relation_size('delivery')")
                .mapTo(Long.class)
                .one();
        return taken <= limit
                ? taken
                : handle.createQuery("SELECT coalesce(sum(size), 0) FROM message WHERE ended_at IS NULL")
                        .mapTo(Long.class)
                        .one();
    }

    private static String stateOf(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
