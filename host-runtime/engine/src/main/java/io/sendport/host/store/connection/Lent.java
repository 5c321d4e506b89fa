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
 * An application's connection while the engine uses it. The engine changes its settings, and restores them when it returns the
 * connection.
 */
final class Lent implements InvocationHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Lent.class);

    private final Connection own;
    private final boolean autoCommit;
    private final boolean readOnly;
    private final int isolation;
    private final int timeout;
    private final int rows;

    private Lent(Connection own) throws SQLException {
        this.own = own;
        this.autoCommit = own.getAutoCommit();
        this.readOnly = own.isReadOnly();
        this.isolation = own.getTransactionIsolation();
        this.timeout = own.getNetworkTimeout();
        this.rows = own.unwrap(PGConnection.class).getDefaultFetchSize();
    }

    /** Sets the timeout for answers and the number of rows per fetch; 0 for all rows. */
    public static Connection of(Connection connection, Duration answer, int rows) throws SQLException {
        Lent lent = new Lent(connection);
        lent.set(true, false, Connection.TRANSACTION_READ_COMMITTED, (int) answer.toMillis(), rows);
        return (Connection)
                Proxy.newProxyInstance(Lent.class.getClassLoader(), new Class<?>[] {Connection.class}, lent);
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
