package io.sendport.host.store.sql;

import io.sendport.host.store.commit.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jspecify.annotations.Nullable;

/**
 * The few statements that every message needs, over prepared statements that are kept: what a library does for each, to find out what
 * its values are and how its rows are mapped, would take the committing thread as long as the database does (ADR 15). All other SQL goes
 * by the {@link Transaction#handle() handle}. Values are text, numbers, bytes or null. For the thread of its transaction alone.
 *
 * <p>Changes may wait for the next question, or for the commit, and fail only then; what a question sees, and in which order changes are
 * made, is as if none had waited.
 */
public abstract class Sql {

    private final Connection connection;
    private final KeptStatements kept;

    public Sql(Connection connection, KeptStatements kept) {
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
     * A change.
     *
     * @param sql the statement
     * @param values its values
     * @param otherwise what is thrown unless it changes exactly one row; null when any number will do
     */
    public record Change(
            String sql,
            List<@Nullable Object> values,
            @Nullable Supplier<? extends RuntimeException> otherwise) {

        void check(int changed) {
            if (otherwise != null && changed != 1) {
                throw otherwise.get();
            }
        }
    }

    /** Changes rows, however many. */
    public final void change(String sql, @Nullable Object... values) {
        change(new Change(sql, Arrays.asList(values), null));
    }

    /** Changes one row; the transaction fails with {@code otherwise} when it is none or several. */
    public final void changeOne(
            Supplier<? extends RuntimeException> otherwise, String sql, @Nullable Object... values) {
        change(new Change(sql, Arrays.asList(values), otherwise));
    }

    public abstract void change(Change change);

    /**
     * Reads rows, be it those that a statement changes and returns.
     *
     * @throws TransactionException when the database refuses
     */
    public abstract <T> List<T> list(Reader<T> reader, String sql, @Nullable Object... values);

    /** As {@link #list}, of which there is at most one. */
    public final <T> Optional<T> first(Reader<T> reader, String sql, @Nullable Object... values) {
        return list(reader, sql, values).stream().findFirst();
    }

    /**
     * Adds a row to a table that numbers its rows in the column {@code seq}.
     *
     * @return its number
     * @throws TransactionException when the database refuses
     */
    public abstract long insert(String sql, @Nullable Object... values);

    /** Makes the changes that wait. */
    public abstract void flush();

    /** Forgets the changes that wait, since their transaction failed. */
    public abstract void drop();

    public final PreparedStatement prepared(String sql) throws SQLException {
        return kept.keep(connection, sql);
    }

    public static <T> List<T> rows(ResultSet rows, Reader<T> reader) throws SQLException {
        List<T> all = new ArrayList<>(2);
        while (rows.next()) {
            all.add(reader.read(rows));
        }
        return all;
    }

    public static TransactionException failed(String sql, SQLException e) {
        return new TransactionException("\"" + sql + "\" failed", e);
    }

    /** Gives the statement its values, from the parameter {@code first} on, which count from 1; the next parameter after them. */
    public static int bind(PreparedStatement statement, int first, List<@Nullable Object> values) throws SQLException {
        int next = first;
        for (Object value : values) {
            if (value instanceof String text) {
                statement.setString(next, text);
            } else if (value instanceof Long number) {
                statement.setLong(next, number);
            } else if (value instanceof Integer number) {
                statement.setInt(next, number);
            } else if (value instanceof byte[] bytes) {
                statement.setBytes(next, bytes);
            } else if (value == null) {
                statement.setObject(next, null);
            } else {
                throw new IllegalArgumentException("no column takes a " + value.getClass());
            }
            next++;
        }
        return next;
    }
}
