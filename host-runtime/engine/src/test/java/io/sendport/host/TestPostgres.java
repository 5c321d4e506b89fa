package io.sendport.host;

import io.sendport.api.settings.Secret;
import io.sendport.config.MessageBoxSettings;
import io.sendport.testing.Patience;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL, one for all tests of a run, with a database for each test that asks. */
public final class TestPostgres {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestPostgres() {}

    private static final class Shared {
        private static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .setPGStartupWait(Patience.LIMIT)
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        server.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("no PostgreSQL could be started for the tests", e);
            }
        }
    }

    /** The URL of a new, empty database. */
    public static String newDatabase() {
        String name = "test" + DATABASES.incrementAndGet();
        execute("postgres", "CREATE DATABASE " + name);
        return "jdbc:postgresql://localhost:" + Shared.SERVER.getPort() + "/" + name;
    }

    /** The settings of a message box in the database that {@code url} names. */
    public static MessageBoxSettings settings(String url, Path folder) {
        return new MessageBoxSettings(
                url,
                Optional.empty(),
                folder.resolve("postgres"),
                Optional.of("postgres"),
                Optional.of(new Secret("postgres")),
                Duration.ofDays(7),
                Duration.ofSeconds(30),
                Duration.ZERO,
                Duration.ofDays(30),
                Duration.ofDays(3650),
                1L << 40,
                0,
                false,
                Optional.empty());
    }

    /** Runs a statement as the superuser; how many rows it changed. */
    public static int execute(String database, String sql) {
        try (Connection connection =
                        Shared.SERVER.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of what the superuser reads in {@code database}. */
    public static List<String> column(String database, String sql) {
        try (Connection connection =
                        Shared.SERVER.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The one value that a question to the superuser's database has. */
    public static String asked(String sql) {
        try (Connection connection = Shared.SERVER.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** What the server says when {@code role} tries that, which it may not. */
    public static String refusal(String database, String role, String sql) {
        try (Connection connection = Shared.SERVER.getDatabase(role, database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return "";
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The last part of a URL. */
    public static String database(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }
}
