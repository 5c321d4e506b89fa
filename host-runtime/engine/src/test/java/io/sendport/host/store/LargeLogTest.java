package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.host.store.commit.Access;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A write-ahead log that a long read holds back shrinks afterwards, and never fills the disk. */
@Timeout(120)
class LargeLogTest {

    private static final int BLOCK = 1 << 20;

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("sendport.db");
    }

    private Path log() {
        return folder.resolve("sendport.db-wal");
    }

    @Test
    void theLogShrinksAfterALongReadEnds() throws Exception {
        try (Store store = Store.open(new Sqlite(file(), false), Access.CREATE)) {
            store.change(transaction -> transaction.handle().execute("CREATE TABLE filler (bytes BLOB)"));
            try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file());
                    Statement statement = reader.createStatement()) {
                reader.setAutoCommit(false);
                statement.executeQuery("SELECT count(*) FROM filler").close();
                while (Files.size(log()) <= Sqlite.LARGE_LOG + 4L * BLOCK) {
                    write(store);
                }
            }
            Patience.until("the log is short again", () -> {
                write(store);
                return Files.size(log()) <= Sqlite.LARGE_LOG;
            });
        }
    }

    private static void write(Store store) {
        store.change(transaction ->
                transaction.handle().execute("INSERT INTO filler (bytes) VALUES (zeroblob(" + BLOCK + "))"));
    }

    /** A statement that says whether it was canceled. */
    private static Statement cancelable(AtomicBoolean canceled) {
        return (Statement) Proxy.newProxyInstance(
                LargeLogTest.class.getClassLoader(), new Class<?>[] {Statement.class}, (proxy, method, arguments) -> {
                    canceled.set(canceled.get() || method.getName().equals("cancel"));
                    return null;
                });
    }

    @Test
    void aReadIsCanceledWhenTheLogGrowsByAGigabyte() throws Exception {
        AtomicBoolean canceled = new AtomicBoolean();
        try (LogGuard guard = LogGuard.start(log(), cancelable(canceled))) {
            Patience.whileItHolds("a log that does not exist", java.time.Duration.ofMillis(500), () -> !canceled.get());
            grow((1L << 30) + 1);
            Patience.until("it is canceled", canceled::get);
            assertThat(guard.why()).hasValueSatisfying(why -> assertThat(why)
                    .hasMessageContaining("the write-ahead log grew to 1024 MB")
                    .hasMessageContaining("a full disk would stop the hosts"));
        }
    }

    /** It has no blocks: the disk does not need the room. */
    private void grow(long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    @Test
    void aCopyIsRefusedWhenTheDiskHasNoRoomForItAndTheLog() throws Exception {
        long size = 10L * BLOCK;
        long needed = size + 2L * Sqlite.LARGE_LOG;
        Sqlite.requireRoomForCopy(file(), size, needed);
        assertThatThrownBy(() -> Sqlite.requireRoomForCopy(file(), size, needed - 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("free disk space and try again");
    }
}
