package io.sendport.host.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;

/** Rewrites a SQLite file once after secure deletion was turned on, so that it no longer contains data that was deleted before. */
final class SecureDelete {

    /**
     * Makes the connection overwrite what it deletes. Copies that remain where rows were moved are not overwritten, see
     * {@link Store#pageOfMovedRows}.
     */
    static final String ON = "PRAGMA secure_delete = ON";

    /** Ends {@link #ON}. */
    static final String OFF = "PRAGMA secure_delete = OFF";

    /** Whether a body has no leading zeros, so that a page in which rows are moved may have a copy of its first bytes. */
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
     * Rewrites the file if that is necessary and was not done yet. While the file has bodies from before secure deletion was turned on, it
     * is rewritten again at the next call, because SQLite may have left copies of them.
     *
     * @param mustOverwrite whether deleted data must be overwritten
     * @param preparation runs before the file is rewritten; if it fails, the file stays unchanged
     */
    void rewriteIfNeeded(boolean mustOverwrite, Preparation preparation) throws IOException, SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean isOverwritten = ask(statement, "SELECT overwrites FROM store_state") == 1;
            if (mustOverwrite && !isOverwritten) {
                preparation.run();
                statement.execute(ON);
                statement.execute("VACUUM");
                statement.execute(
                        "UPDATE store_state SET overwrites = CASE WHEN " + WITHOUT_LEAD + " THEN 0 ELSE 1 END");
            } else if (isOverwritten && !mustOverwrite) {
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
