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

/** Listens for what other processes put into the message box, over a connection of its own that is made anew when it breaks. */
final class PostgresWorkListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWorkListener.class);
    private static final int LISTEN_MILLIS = 10_000;
    private static final long AGAIN_MILLIS = 1_000;

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
                // What came while nobody listened.
                look.run();
                listen(connection.unwrap(PGConnection.class), statement);
                // The connection may be another's, who would never read what comes.
                statement.execute("UNLISTEN *");
            } catch (SQLException e) {
                LOG.debug("nobody listens to the message box for a while", e);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(closing ? 0 : AGAIN_MILLIS);
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
                // A connection that broke silently is noticed here.
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
