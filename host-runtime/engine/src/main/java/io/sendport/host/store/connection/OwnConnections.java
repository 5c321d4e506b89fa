package io.sendport.host.store.connection;

import io.sendport.api.settings.Secret;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections as the configuration says. */
public record OwnConnections(String url, Optional<String> name, Optional<Secret> password) implements Connections {

    private static final Duration CONNECT = Duration.ofSeconds(10);

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
        return name.map(each -> "user " + each).orElse("this user");
    }

    private PGSimpleDataSource source(Duration answer) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        name.ifPresent(source::setUser);
        password.ifPresent(secret -> source.setPassword(secret.reveal()));
        source.setApplicationName("sendport");
        source.setTcpKeepAlive(true);
        source.setConnectTimeout((int) CONNECT.toSeconds());
        source.setSocketTimeout((int) Math.max(1, answer.toSeconds()));
        return source;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "connections of " + user();
    }
}
