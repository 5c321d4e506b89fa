package io.sendport.host.store.connection;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Connections from the data source of an application. */
public record DataSourceConnections(DataSource source) implements Connections {

    @Override
    public DataSource waiting(Duration answer) {
        return new Waiting(source, answer, 0);
    }

    @Override
    public DataSource reading(Duration answer, int rows) {
        return new Waiting(source, answer, rows);
    }

    @Override
    public String user() {
        return "the user of the application's data source";
    }

    private record Waiting(DataSource source, Duration answer, int rows) implements DataSource {

        @Override
        public Connection getConnection() throws SQLException {
            return prepared(source.getConnection());
        }

        @Override
        public Connection getConnection(String name, String password) throws SQLException {
            return prepared(source.getConnection(name, password));
        }

        private Connection prepared(Connection connection) throws SQLException {
            try {
                return BorrowedConnection.of(connection, answer, rows);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }

        @Override
        public PrintWriter getLogWriter() throws SQLException {
            return source.getLogWriter();
        }

        @Override
        public void setLogWriter(PrintWriter out) throws SQLException {
            source.setLogWriter(out);
        }

        @Override
        public void setLoginTimeout(int seconds) throws SQLException {
            source.setLoginTimeout(seconds);
        }

        @Override
        public int getLoginTimeout() throws SQLException {
            return source.getLoginTimeout();
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getLogger("org.postgresql");
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            return source.unwrap(type);
        }

        @Override
        public boolean isWrapperFor(Class<?> type) throws SQLException {
            return source.isWrapperFor(type);
        }
    }
}
