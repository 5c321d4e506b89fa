package io.sendport.host.store.connection;

import java.time.Duration;
import javax.sql.DataSource;

/** Where connections to PostgreSQL come from. */
public interface Connections {

    /** Connections whose server is given up when it has not answered for so long. */
    DataSource waiting(Duration answer);

    /** As {@link #waiting}, for results of many rows, of which so many are fetched at once. */
    DataSource reading(Duration answer, int rows);

    /** As whom, for errors. */
    String user();
}
