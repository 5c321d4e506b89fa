package io.sendport.host.store.connection;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of an application's data source while the engine uses it. This changes the settings of the connection, and restores them
 * when the connection is closed.
 */
final class BorrowedConnection implements InvocationHandler {

    private static final Logger LOG = LoggerFactory.getLogger(BorrowedConnection.class);

    private final Connection own;
    private final boolean autoCommit;
    private final boolean readOnly;
    private final int isolation;
    private final int timeout;
    private final int rows;

    private BorrowedConnection(Connection own) throws SQLException {
        this.own = own;
        this.autoCommit = own.getAutoCommit();
        this.readOnly = own.isReadOnly();
        this.isolation = own.getTransactionIsolation();
        this.timeout = own.getNetworkTimeout();
        this.rows = own.unwrap(PGConnection.class).getDefaultFetchSize();
    }

    /** Borrows {@code connection}; {@code answer} is the timeout for answers, and {@code rows} the number of rows per fetch, 0 for all. */
    public static Connection of(Connection connection, Duration answer, int rows) throws SQLException {
        BorrowedConnection borrowed = new BorrowedConnection(connection);
        borrowed.set(true, false, Connection.TRANSACTION_READ_COMMITTED, (int) answer.toMillis(), rows);
        return (Connection) Proxy.newProxyInstance(
                BorrowedConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, borrowed);
    }

    private void set(boolean autoCommit, boolean readOnly, int isolation, int timeout, int rows) throws SQLException {
        own.setAutoCommit(autoCommit);
        own.setReadOnly(readOnly);
        own.setTransactionIsolation(isolation);
        // The driver sets it on the socket at once and needs no thread for that.
        own.setNetworkTimeout(Runnable::run, timeout);
        own.unwrap(PGConnection.class).setDefaultFetchSize(rows);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().equals("close")) {
            giveBack();
            return null;
        }
        try {
            return method.invoke(own, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private void giveBack() throws SQLException {
        try {
            if (!own.isClosed()) {
                if (!own.getAutoCommit()) {
                    own.rollback();
                }
                own.setAutoCommit(true);
                try (Statement statement = own.createStatement()) {
                    statement.execute("RESET synchronous_commit");
                }
                set(autoCommit, readOnly, isolation, timeout, rows);
            }
        } catch (SQLException e) {
            LOG.debug("returning a broken connection without restoring its settings", e);
        } finally {
            own.close();
        }
    }
}
