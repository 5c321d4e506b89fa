package io.sendport.host.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jspecify.annotations.Nullable;

/**
 * The few statements that every message needs, over prepared statements that are kept: what a library does for each, to find out what
 * its values are and how its rows are mapped, would take the committing thread as long as the database does (ADR 15). All other SQL goes
 * by the {@link Transaction#handle() handle}. For the thread of its transaction alone.
 */
public final class Sql {

    private final Connection connection;
    private final KeptStatements kept;

    Sql(Connection connection, KeptStatements kept) {
        this.connection = connection;
        this.kept = kept;
    }

    /** Reads a row. */
    @FunctionalInterface
    public interface Reader<T> {
        /** Of columns, which count from 1. */
        T read(ResultSet row) throws SQLException;
    }

    /**
     * Changes rows.
     *
     * @param values text, numbers, bytes or null
     * @return how many
     * @throws TransactionException when the database refuses
     */
    public int update(String sql, @Nullable Object... values) {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw new TransactionException("\"" + sql + "\" failed", e);
        }
    }

    /**
     * Reads rows, be it those that a statement changes and returns.
     *
     * @throws TransactionException when the database refuses
     */
    public <T> List<T> list(Reader<T> reader, String sql, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            List<T> all = new ArrayList<>(2);
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        } catch (SQLException e) {
            throw new TransactionException("\"" + sql + "\" failed", e);
        }
    }

    /** As {@link #list}, of which there is at most one. */
    public <T> Optional<T> first(Reader<T> reader, String sql, @Nullable Object... values) {
        return list(reader, sql, values).stream().findFirst();
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = kept.keep(connection, sql);
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value instanceof String text) {
                statement.setString(i + 1, text);
            } else if (value instanceof Long number) {
                statement.setLong(i + 1, number);
            } else if (value instanceof Integer number) {
                statement.setInt(i + 1, number);
            } else if (value instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else if (value == null) {
                statement.setObject(i + 1, null);
            } else {
                throw new IllegalArgumentException("no column takes a " + value.getClass());
            }
        }
        return statement;
    }
}
