package io.sendport.host.store.connection;

import io.sendport.api.settings.Secret;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** The source of PostgreSQL connections. */
public interface Connections {

    /** Connections that are closed when the server has not answered in that time. */
    DataSource waiting(Duration answer);

    /** As {@link #waiting}, for large results, of which {@code rows} are fetched at a time. */
    DataSource reading(Duration answer, int rows);

    /**
     * Makes new connections log on with these credentials; open connections stay. An application's own data source ignores them.
     */
    default void logOnAs(Optional<String> name, Optional<Secret> password) {}

    /** The user name, for errors. */
    String user();
}
