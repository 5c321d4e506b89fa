package io.sendport.host.store.connection;

import io.sendport.api.settings.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections that the engine opens itself, as configured. Safe for use by several threads. */
public final class OwnConnections implements Connections {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final String url;
    private volatile Login login;

    /** The credentials. If the name or the password is empty, the driver uses its default. */
    private record Login(Optional<String> name, Optional<Secret> password) {}

    /** Connections to the database at {@code url}. */
    public OwnConnections(String url, Optional<String> name, Optional<Secret> password) {
        this.url = url;
        this.login = new Login(name, password);
    }

    @Override
    public void logOnAs(Optional<String> name, Optional<Secret> password) {
        login = new Login(name, password);
    }

    @Override
    public DataSource waiting(Duration answer) {
        return source(answer);
    }

    @Override
    public DataSource reading(Duration answer, int rows) {
        PGSimpleDataSource source = source(answer);
        source.setDefaultRowFetchSize(rows);
        return source;
    }

    @Override
    public String user() {
        return login.name().map(each -> "user " + each).orElse("this user");
    }

    private PGSimpleDataSource source(Duration answer) {
        PGSimpleDataSource source = new LateLogin(this);
        source.setUrl(url);
        source.setApplicationName("sendport");
        source.setTcpKeepAlive(true);
        source.setConnectTimeout((int) CONNECT.toSeconds());
        source.setSocketTimeout((int) Math.max(1, answer.toSeconds()));
        return source;
    }

    /** Does not contain the password. */
    @Override
    public String toString() {
        return "connections of " + user();
    }

    /** Reads the credentials for each new connection, so that an existing pool uses the current ones. */
    private static final class LateLogin extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        private final transient OwnConnections owner;

        LateLogin(OwnConnections owner) {
            this.owner = owner;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Login login = owner.login;
            return getConnection(orNull(login.name()), orNull(login.password().map(Secret::reveal)));
        }

        private static @Nullable String orNull(Optional<String> value) {
            return value.orElse(null);
        }
    }
}
