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
 * Runs the few statements that every message needs, as cached prepared statements. If a library mapped their values and rows, that would
 * take the committing thread as long as the database itself (ADR 15). All other SQL uses the {@link Transaction#handle() handle}.
 * Values are text, numbers, bytes or null. Only for the thread of its transaction.
 *
 * <p>An implementation may queue changes until the next query or the commit. A queued change fails only then, with a
 * {@link TransactionException}. Queries see all earlier changes, and changes keep their order.
 */
public abstract class Sql {

    private final Connection connection;
    private final StatementCache statements;

    /** Statements over {@code connection}, cached in {@code statements}. */
    public Sql(Connection connection, StatementCache statements) {
        this.connection = connection;
        this.statements = statements;
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
     * @param failure thrown unless the statement changes exactly one row; null if any number is allowed
     */
    public record Change(
            String sql,
            List<@Nullable Object> values,
            @Nullable Supplier<? extends RuntimeException> failure) {

        void check(int changed) {
            if (failure != null && changed != 1) {
                throw failure.get();
            }
        }
    }

    /**
     * Changes any number of rows.
     *
     * @throws TransactionException when the database refuses
     */
    public final void change(String sql, @Nullable Object... values) {
        change(new Change(sql, Arrays.asList(values), null));
    }

    /** Changes exactly one row. If the statement changes none or several, the transaction fails with {@code failure}. */
    public final void changeOne(Supplier<? extends RuntimeException> failure, String sql, @Nullable Object... values) {
        change(new Change(sql, Arrays.asList(values), failure));
    }

    /**
     * Executes or queues a change.
     *
     * @throws TransactionException when the database refuses
     */
    public abstract void change(Change change);

    /**
     * Reads rows, including those that a statement changes and returns.
     *
     * @throws TransactionException when the database refuses
     */
    public abstract <T> List<T> list(Reader<T> reader, String sql, @Nullable Object... values);

    /**
     * Reads the first row that {@link #list} would return.
     *
     * @throws TransactionException when the database refuses
     */
    public final <T> Optional<T> first(Reader<T> reader, String sql, @Nullable Object... values) {
        return list(reader, sql, values).stream().findFirst();
    }

    /**
     * Adds a row to a table that numbers its rows.
     *
     * @return the number of the row; empty if reading it needs another query, and the change is queued
     * @throws TransactionException when the database refuses
     */
    public abstract OptionalLong insert(String sql, @Nullable Object... values);

    /**
     * Executes the queued changes.
     *
     * @throws TransactionException when the database refuses
     */
    public abstract void flush();

    /** Drops the queued changes, because their transaction failed. */
    public abstract void drop();

    /** The cached prepared statement for {@code sql}. */
    public final PreparedStatement prepared(String sql) throws SQLException {
        return statements.cached(connection, sql);
    }

    /** Reads all rows of a result. */
    public static <T> List<T> rows(ResultSet rows, Reader<T> reader) throws SQLException {
        List<T> all = new ArrayList<>(2);
        while (rows.next()) {
            all.add(reader.read(rows));
        }
        return all;
    }

    /** The failure of a statement. */
    public static TransactionException failed(String sql, SQLException e) {
        return new TransactionException("\"" + sql + "\" failed", e);
    }

    /**
     * Binds the values, starting at the parameter {@code first}. Parameters count from 1.
     *
     * @return the number of the next parameter
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
