package io.sendport.host.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for notifications of other processes about new work. Uses its own connection, and reconnects when that breaks. */
final class PostgresWorkListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWorkListener.class);
    private static final int LISTEN_MILLIS = 10_000;
    private static final long RECONNECT_MILLIS = 1_000;

    private final DataSource source;
    private final Runnable look;
    private final Thread thread;
    private volatile boolean closing;

    PostgresWorkListener(DataSource source, Runnable look) {
        this.source = source;
        this.look = look;
        this.thread = new Thread(this::run, "sendport-work-listener");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closing) {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + PostgresWriter.CHANNEL);
                // Look for work that other processes stored while this one did not listen.
                look.run();
                listen(connection.unwrap(PGConnection.class), statement);
                // The connection may go back to the pool of an application, which does not read notifications.
                statement.execute("UNLISTEN *");
            } catch (SQLException e) {
                LOG.debug("lost the connection that listens for new work; will reconnect", e);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(closing ? 0 : RECONNECT_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void listen(PGConnection connection, Statement statement) throws SQLException {
        while (!closing) {
            PGNotification[] heard = connection.getNotifications(LISTEN_MILLIS);
            if (heard != null && heard.length > 0) {
                look.run();
            } else {
                // This detects a connection that broke silently.
                statement.execute("SELECT 1");
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
