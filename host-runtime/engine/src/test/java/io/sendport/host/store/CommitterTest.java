package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.host.TestBox;
import io.sendport.host.store.commit.Committer;
import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.Writer;
import io.sendport.testing.Patience;
import io.sendport.testing.SettableClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever fails while a group is committed or synced, every caller gets an answer, and the write lock is released. */
@Timeout(300)
class CommitterTest {

    private static final int CALLERS = 8;

    @TempDir
    private Path folder;

    private final Map<String, Supplier<Error>> failing = new ConcurrentHashMap<>();
    private final AtomicInteger rollbacks = new AtomicInteger();
    private final ExecutorService callers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "caller");
        thread.setDaemon(true);
        return thread;
    });

    private Path file;
    private Committer committer;

    /** Its message cannot be read, as when the memory is still full while the first failure is handled. */
    private static final class UnreadableError extends VirtualMachineError {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError("while the message is read");
        }
    }

    static Stream<Named<Supplier<Error>>> errors() {
        return Stream.of(
                Named.of("an OutOfMemoryError", () -> new OutOfMemoryError("of the test's own")),
                Named.of("an error whose message cannot be read", UnreadableError::new));
    }

    @BeforeEach
    void open() throws Exception {
        TestBox.open(folder, new SettableClock()).close();
        file = TestBox.settings(folder).place();
        execute("CREATE TABLE written (no INTEGER PRIMARY KEY)");
        Sqlite sqlite = new Sqlite(file, false);
        Writer writer = fake(Writer.class, sqlite.forWriting());
        committer = new Committer(
                (Database) Proxy.newProxyInstance(
                        Database.class.getClassLoader(),
                        new Class<?>[] {Database.class},
                        (proxy, method, arguments) ->
                                method.getName().equals("forWriting") ? writer : invoke(sqlite, method, arguments)),
                0);
    }

    @AfterEach
    void close() {
        failing.clear();
        callers.shutdownNow();
        committer.close();
    }

    /** The real one, which throws what {@link #failing} has under the name of the method, after it has done its work where it can. */
    private <T> T fake(Class<T> type, T real) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (name.equals("rollback")) {
                        rollbacks.incrementAndGet();
                    }
                    Object result =
                            name.equals("commit") && failing.containsKey(name) ? null : invoke(real, method, arguments);
                    Supplier<Error> failure = failing.get(name);
                    if (failure != null) {
                        throw failure.get();
                    }
                    return result;
                }));
    }

    private static Object invoke(Object real, Method method, Object... arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private void requireThatTheWriteLockIsReleased() throws SQLException {
        execute("BEGIN IMMEDIATE", "ROLLBACK");
    }

    private Future<Integer> write(int no) {
        return callers.submit(() ->
                committer.commit(transaction -> transaction.handle().execute("INSERT INTO written VALUES (?)", no)));
    }

    private static void requireFailure(Future<Integer> write) {
        assertThatThrownBy(() -> write.get(60, TimeUnit.SECONDS))
                .as("the caller is told that its write failed")
                .isInstanceOf(ExecutionException.class);
    }

    @Test
    void acknowledgesAWriteThatIsOnDisk() throws Exception {
        assertThat(write(1).get(60, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failsEveryCallerWhenTheSyncThrowsAnError(Supplier<Error> error) throws Exception {
        failing.put("sync", error);
        List<Future<Integer>> writes = new ArrayList<>();
        for (int no = 0; no < CALLERS; no++) {
            writes.add(write(no));
        }
        for (Future<Integer> each : writes) {
            requireFailure(each);
        }
        failing.clear();
        requireFailure(write(CALLERS));
        requireThatTheWriteLockIsReleased();
        assertThat(committer.broken()).as("the health says why").isNotNull();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failsEveryCallerAndReleasesTheLockWhenTheCommitThrowsAnError(Supplier<Error> error) throws Exception {
        failing.put("commit", error);
        List<Future<Integer>> writes = new ArrayList<>();
        for (int no = 0; no < CALLERS; no++) {
            writes.add(write(no));
        }
        for (Future<Integer> each : writes) {
            requireFailure(each);
        }
        // The callers are answered first.
        Patience.until("the open transaction is rolled back", () -> rollbacks.get() > 0);
        failing.clear();
        requireFailure(write(CALLERS));
        requireThatTheWriteLockIsReleased();
        assertThat(committer.broken()).as("the health says why").isNotNull();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failsTheCallerAndReleasesTheLockWhenTheBeginThrowsAnError(Supplier<Error> error) throws Exception {
        failing.put("begin", error);
        requireFailure(write(1));
        // The callers are answered first.
        Patience.until("the open transaction is rolled back", () -> rollbacks.get() > 0);
        requireThatTheWriteLockIsReleased();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failsTheCallerAndReleasesTheLockWhenTheWriteThrowsAnError(Supplier<Error> error) throws Exception {
        Future<Integer> write = callers.submit(() -> committer.<Integer>commit(transaction -> {
            throw error.get();
        }));
        requireFailure(write);
        requireThatTheWriteLockIsReleased();
    }
}
