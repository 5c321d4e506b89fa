package io.sendport.host.store.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Queues changes, for a database that is a network round trip away. The queue is sent with the next query in one message. The database
 * executes the changes in their order, and then the query.
 */
public final class BatchedSql extends Sql {

    /** Limits the size of a message, and the number of combinations of statements. Each combination is prepared. */
    private static final int MAX_WAITING = 8;

    private final List<Change> waiting = new ArrayList<>();

    public BatchedSql(Connection connection, StatementCache statements) {
        super(connection, statements);
        statements.beforeOthers(this::flush);
    }

    @Override
    public void change(Change change) {
        waiting.add(change);
        if (waiting.size() == MAX_WAITING) {
            flush();
        }
    }

    @Override
    public <T> List<T> list(Reader<T> reader, String sql, @Nullable Object... values) {
        String all = joined(sql);
        try {
            PreparedStatement statement = prepared(all);
            bind(statement, bindWaiting(statement), Arrays.asList(values));
            boolean isRows = statement.execute();
            for (Change each : taken()) {
                each.check(statement.getUpdateCount());
                isRows = statement.getMoreResults();
            }
            if (!isRows) {
                throw new IllegalStateException("\"" + sql + "\" returns no rows");
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows(rows, reader);
            }
        } catch (SQLException e) {
            throw failed(all, e);
        }
    }

    @Override
    public OptionalLong insert(String sql, @Nullable Object... values) {
        change(sql, values);
        return OptionalLong.empty();
    }

    @Override
    public void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        String all = joined("");
        try {
            PreparedStatement statement = prepared(all);
            bindWaiting(statement);
            statement.execute();
            for (Change each : taken()) {
                each.check(statement.getUpdateCount());
                statement.getMoreResults();
            }
        } catch (SQLException e) {
            throw failed(all, e);
        }
    }

    @Override
    public void drop() {
        waiting.clear();
    }

    private String joined(String last) {
        if (waiting.isEmpty()) {
            return last;
        }
        StringBuilder all = new StringBuilder();
        waiting.forEach(each -> all.append(each.sql()).append("; "));
        return all.append(last).toString();
    }

    private int bindWaiting(PreparedStatement statement) throws SQLException {
        int next = 1;
        for (Change each : waiting) {
            next = bind(statement, next, each.values());
        }
        return next;
    }

    /** Takes the queued changes; the queue is empty afterwards even if executing them fails. */
    private List<Change> taken() {
        List<Change> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }
}
