package io.sendport.host.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;

/** Ensures that a SQLite file does not contain data that was deleted before secure deletion was turned on. */
final class SecureDelete {

    /**
     * Overwrites what the connection deletes from now on, except copies of rows that were moved: see {@link Store#pageOfMovedRows}.
     */
    static final String ON = "PRAGMA secure_delete = ON";

    /** Ends that. */
    static final String OFF = "PRAGMA secure_delete = OFF";

    /** Bodies that start in a page in which rows are moved. */
    private static final String WITHOUT_LEAD = "EXISTS (SELECT 1 FROM part WHERE lead = 0)"
            + " OR EXISTS (SELECT 1 FROM delivery WHERE lead = 0 AND (sealed IS NOT NULL OR sealed_id IS NOT NULL))";

    private final Connection connection;

    SecureDelete(Connection connection) {
        this.connection = connection;
    }

    /** Runs before the file is rewritten. */
    interface Preparation {
        void run() throws IOException;
    }

    /**
     * Rewrites the file if deleted data {@code isToBeOverwritten} and the file was not rewritten yet. The rewrite remains pending
     * while bodies from before exist, because SQLite may have left copies of them.
     *
     * @param preparation runs before; the file stays unchanged if it fails
     */
    void follow(boolean isToBeOverwritten, Preparation preparation) throws IOException, SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean isOverwritten = ask(statement, "SELECT overwrites FROM store_state") == 1;
            if (isToBeOverwritten && !isOverwritten) {
                preparation.run();
                statement.execute(ON);
                statement.execute("VACUUM");
                statement.execute(
                        "UPDATE store_state SET overwrites = CASE WHEN " + WITHOUT_LEAD + " THEN 0 ELSE 1 END");
            } else if (isOverwritten && !isToBeOverwritten) {
                statement.execute("UPDATE store_state SET overwrites = 0");
            }
        }
    }

    static int pageSize(Handle handle) {
        return handle.createQuery("PRAGMA page_size").mapTo(Integer.class).one();
    }

    private static int ask(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }
}
