package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.privacy.Erasure;
import io.sendport.host.store.Store;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest extends LedgerContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestBox.settings(place);
    }

    @Override
    int execute(MessageBoxSettings there, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(there.url());
                Statement statement = connection.createStatement()) {
            // Who can write to the file can drop it.
            statement.execute("DROP TRIGGER IF EXISTS audit_segment_fixed");
            return statement.executeUpdate(sql);
        }
    }

    @Test
    void neverChangesMoreOfASegmentThanItsPrivateParts(@TempDir Path folder) throws Exception {
        MessageBoxSettings settings = TestBox.settings(folder);
        try (MessageBox box = TestBox.open(settings, new SettableClock());
                Connection connection = DriverManager.getConnection(settings.url());
                Statement statement = connection.createStatement()) {
            box.ledger().record(Entry.of(Kind.CONFIG_LOADED));
            for (String column : List.of("lane", "first_seq", "last_seq", "min_at", "max_at", "kinds", "headers")) {
                assertThatThrownBy(() -> statement.execute("UPDATE audit_segment SET " + column + " = " + column))
                        .as(column)
                        .hasMessageContaining("a segment of the ledger is never changed");
            }
            assertThat(statement.executeUpdate("UPDATE audit_segment SET private = private"))
                    .isEqualTo(1);
        }
    }

    @Test
    void leavesNoErasedDataInTheFileOrItsLog(@TempDir Path folder) throws Exception {
        MessageBoxSettings settings = TestBox.settings(folder);
        SettableClock clock = new SettableClock();
        MessageId id = MessageId.random();
        try (MessageBox box = TestBox.open(settings, clock)) {
            // The first rows of a table stay in its first page until later ones take their place.
            for (int i = 0; i < 20; i++) {
                box.ledger().record(Entry.of(Kind.CONFIG_LOADED).detail("detail", "x".repeat(500)));
            }
            List<MailAddress> secret = List.of(MailAddress.parse("erased@customer.example"));
            List<MailAddress> other = List.of(MailAddress.parse("kept@customer.example"));
            for (int step = 1; step <= 40; step++) {
                box.ledger()
                        .record(
                                Entry.of(Kind.ACCEPTED).about(id, "P", step).recipients(secret),
                                Entry.of(Kind.ACCEPTED)
                                        .about(MessageId.random(), "P", 1)
                                        .recipients(other));
                if (step == 20) {
                    box.ledger().index();
                }
            }
            assertThat(bytes(settings)).contains("erased@customer.example");
            Checkpoints checkpoints = Checkpoints.of(settings.place(), Optional.empty());
            int erased = new Erasure(box.store(), box.ledger(), checkpoints)
                    .run(List.of(id.value()), clock.instant(), "jo@pc", "asked");
            assertThat(erased).isEqualTo(40);
            assertThat(bytes(settings))
                    .doesNotContain("erased@customer.example")
                    .contains("kept@customer.example");
        }
    }

    private static String bytes(MessageBoxSettings settings) throws IOException {
        Path file = settings.place();
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        return Files.readString(file, StandardCharsets.ISO_8859_1) + Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    @Override
    void requireNoReader(Store store) {
        // SQLite waits for readers, and not for a checkpoint of the store's own that happens to run.
        String url = "jdbc:sqlite:" + store.name() + "?busy_timeout=5000";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try {
            boolean emptied = isEmptied(url);
            while (!emptied && System.nanoTime() - deadline < 0) {
                emptied = isEmptied(url);
            }
            assertThat(emptied).as("nobody holds back the log").isTrue();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isEmptied(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            return row.next() && row.getInt(1) == 0;
        }
    }
}
