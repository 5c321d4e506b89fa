package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** Copies one store into another of any kind, all or nothing. It copies row by row, so that the chains of the ledger stay intact. */
public final class Copy {

    private static final List<String> TABLES = List.of(
            "message",
            "part",
            "body",
            "body_chunk",
            "delivery",
            "attempt",
            "dedupe",
            "port_state",
            "port_hour",
            "instance",
            "audit_lane",
            "audit_record",
            "audit_recipient",
            "audit_property",
            "audit_segment",
            "audit_key",
            "audit_indexed");

    private static final int ROWS_AT_ONCE = 500;
    private static final int BIG_ROWS_AT_ONCE = 8;

    private Copy() {}

    /**
     * Copies all rows while nobody else can write to {@code from}. If {@code isGood} accepts the copy, {@code from} is closed for writing
     * permanently.
     *
     * @param isGood checks the copy after it is on disk
     * @return the number of rows by table; empty when the copy was rejected and {@code from} stays in use
     * @throws StoreException when {@code to} is not empty, or copying fails; nothing was copied then
     */
    public static Map<String, Long> all(Store from, Store to, BooleanSupplier isGood) {
        return from.write(source -> {
            Map<String, Long> rows = to.write(transaction -> copy(source.handle(), transaction.handle()));
            if (!isGood.getAsBoolean()) {
                return Map.of();
            }
            // A process that still has the file open, under any name, must no longer submit to it.
            source.handle().execute("ALTER TABLE message RENAME TO message_that_was_copied");
            return rows;
        });
    }

    private static Map<String, Long> copy(Handle source, Handle target) {
        if (count(target, "message") + count(target, "audit_record") + count(target, "audit_segment") > 0) {
            throw new StoreException(
                    "the target already contains a message box; a copy never overwrites one. Nothing was copied."
                            + " Name an empty database with --to",
                    null);
        }
        try {
            Map<String, Long> rows = new LinkedHashMap<>();
            target.execute("DELETE FROM audit_lane");
            target.execute("DELETE FROM audit_indexed");
            for (String table : TABLES) {
                rows.put(table, copy(source.getConnection(), target.getConnection(), table));
                if (count(source, table) != count(target, table)) {
                    throw new StoreException(
                            "table " + table + " was not copied completely (" + count(target, table) + " of "
                                    + count(source, table)
                                    + " rows). Nothing was copied. Check the log of the target database,"
                                    + " then try again",
                            null);
                }
            }
            // Retention continues from the source's time, so the copy deletes what the source would have deleted.
            target.createUpdate("UPDATE store_state SET horizon = ?")
                    .bind(
                            0,
                            source.createQuery(
                                            "SELECT coalesce(horizon, (SELECT max(max_at) FROM audit_segment), (SELECT max(at) FROM audit_record))"
                                                    + " FROM store_state")
                                    .mapTo(Long.class)
                                    .one())
                    .execute();
            target.execute("SELECT setval(pg_get_serial_sequence('message', 'seq'), (SELECT coalesce(max(seq), 0) + 1"
                    + " FROM message), false)");
            return rows;
        } catch (SQLException e) {
            throw new CopyException(e);
        }
    }

    private static long count(Handle handle, String table) {
        return handle.createQuery("SELECT count(*) FROM " + table)
                .mapTo(Long.class)
                .one();
    }

    private static long copy(Connection source, Connection target, String table) throws SQLException {
        long rows = 0;
        try (Statement select = source.createStatement();
                ResultSet row = select.executeQuery("SELECT * FROM " + table)) {
            int columns = row.getMetaData().getColumnCount();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                names.add(row.getMetaData().getColumnName(i));
            }
            int most = List.of("part", "body_chunk", "delivery").contains(table) ? BIG_ROWS_AT_ONCE : ROWS_AT_ONCE;
            try (PreparedStatement insert = target.prepareStatement("INSERT INTO " + table + " ("
                    + String.join(", ", names) + ") VALUES ("
                    + String.join(", ", Collections.nCopies(columns, "?")) + ")")) {
                while (row.next()) {
                    for (int i = 1; i <= columns; i++) {
                        insert.setObject(i, row.getObject(i));
                    }
                    insert.addBatch();
                    if (++rows % most == 0) {
                        insert.executeBatch();
                    }
                }
                insert.executeBatch();
            }
        }
        return rows;
    }

    private static final class CopyException extends JdbiException {
        private static final long serialVersionUID = 1L;

        CopyException(SQLException cause) {
            super(cause);
        }
    }
}
