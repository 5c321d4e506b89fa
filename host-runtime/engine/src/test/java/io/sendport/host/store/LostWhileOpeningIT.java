package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sendport.host.TestPostgres;
import io.sendport.host.store.connection.OwnConnections;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.Test;

/** A pool whose first connection breaks while it is opened works once the server is back. */
class LostWhileOpeningIT {

    private final AtomicInteger asked = new AtomicInteger();

    /** The first question for a connection's isolation finds it closed, as a server that is killed at that moment closes it. */
    private DataSource losing(DataSource source) {
        return proxy(DataSource.class, source, (method, result) -> {
            if (result instanceof Connection connection) {
                return proxy(Connection.class, connection, (name, value) -> {
                    if (name.equals("getTransactionIsolation") && asked.getAndIncrement() == 0) {
                        throw new SQLException("This connection has been closed.", "08003");
                    }
                    return value;
                });
            }
            return result;
        });
    }

    private interface Answer {
        Object to(String method, Object result) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T target, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                LostWhileOpeningIT.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return answer.to(method.getName(), method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    void thePoolWorksAfterItsFirstConnectionBreaks() {
        String url = TestPostgres.newDatabase();
        Postgres postgres = new Postgres(
                url, new OwnConnections(url, Optional.of("postgres"), Optional.empty()), Duration.ofMinutes(1));
        HikariConfig config = postgres.forReading();
        config.setDataSource(losing(config.getDataSource()));
        config.setInitializationFailTimeout(-1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Jdbi jdbi = Jdbi.create(pool);
            for (int i = 0; i < 2; i++) {
                assertThat(jdbi.<Integer, RuntimeException>inTransaction(
                                TransactionIsolationLevel.REPEATABLE_READ, handle -> handle.createQuery("SELECT 1")
                                        .mapTo(Integer.class)
                                        .one()))
                        .isOne();
            }
            assertThat(asked.get()).isPositive();
        }
    }
}
