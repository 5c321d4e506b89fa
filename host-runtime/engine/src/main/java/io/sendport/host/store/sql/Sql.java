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
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jspecify.annotations.Nullable;

/**
 * The few statements that every message needs, as cached prepared statements. A library's mapping of values and rows would take the
 * committing thread as long as the database itself (ADR 15). All other SQL uses the {@link Transaction#handle() handle}. Values are
 * text, numbers, bytes or null. Only for the thread of its transaction.
 *
 * <p>Changes may be queued until the next query or the commit, and fail only then. Queries see all earlier changes, and changes
 * keep their order, as if nothing were queued.
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
        /** Reads the columns, which count from 1. */
        T read(ResultSet row) throws SQLException;
    }

    /**
     * A change.
     *
     * @param sql the statement
     * @param values its values
     * @param otherwise thrown unless it changes exactly one row; null if any number is allowed
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

    /** Changes any number of rows. */
    public final void change(String sql, @Nullable Object... values) {
        change(new Change(sql, Arrays.asList(values), null));
    }

    /** Changes one row; the transaction fails with {@code otherwise} if it changes none or several. */
    public final void changeOne(
            Supplier<? extends RuntimeException> otherwise, String sql, @Nullable Object... values) {
        change(new Change(sql, Arrays.asList(values), otherwise));
    }

    public abstract void change(Change change);

    /**
     * Reads rows, including those that a statement changes and returns.
     *
     * @throws TransactionException when the database refuses
     */
    public abstract <T> List<T> list(Reader<T> reader, String sql, @Nullable Object... values);

    /** As {@link #list}, with at most one row. */
    public final <T> Optional<T> first(Reader<T> reader, String sql, @Nullable Object... values) {
        return list(reader, sql, values).stream().findFirst();
    }

    /**
     * Adds a row to a table that numbers its rows.
     *
     * @return its number; empty if the database would have to be asked for it, and the change is queued instead
     * @throws TransactionException when the database refuses
     */
    public abstract OptionalLong insert(String sql, @Nullable Object... values);

    /** Executes the queued changes. */
    public abstract void flush();

    /** Drops the queued changes, because their transaction failed. */
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

    /**
     * Binds the values, starting at the parameter {@code first}; parameters count from 1. Returns the number of the next parameter.
     */
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
                throw new IllegalArgumentException("no column accepts a " + value.getClass());
            }
            next++;
        }
        return next;
    }
}
