package io.sendport.host.store.connection;

import io.sendport.api.settings.Secret;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** Where connections to PostgreSQL come from. */
public interface Connections {

    /** Connections whose server is given up when it has not answered for so long. */
    DataSource waiting(Duration answer);

    /** As {@link #waiting}, for results of many rows, of which so many are fetched at once. */
    DataSource reading(Duration answer, int rows);

    /** From now on new connections log on so; those that are open stay. Where an application lends its own, it sees to that itself. */
    default void logOnAs(Optional<String> name, Optional<Secret> password) {}

    /** As whom, for errors. */
    String user();
}
