package io.sendport.host.store.connection;

import io.sendport.api.settings.Secret;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** The source of PostgreSQL connections. */
public interface Connections {

    /** Connections that fail when the server does not answer within {@code answer}. */
    DataSource waiting(Duration answer);

    /** Connections as from {@link #waiting}, for large results: {@code rows} rows are fetched at a time. */
    DataSource reading(Duration answer, int rows);

    /**
     * Makes new connections log on with these credentials; open connections stay open. The data source of an application ignores them.
     */
    default void logOnAs(Optional<String> name, Optional<Secret> password) {}

    /** Names the user, for errors. */
    String user();
}
