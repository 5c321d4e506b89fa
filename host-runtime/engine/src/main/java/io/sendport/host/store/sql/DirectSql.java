package io.sendport.host.store.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Executes each statement at once: for a database in the same process, where queuing has no benefit. */
public final class DirectSql extends Sql {

    /** This is faster than RETURNING, for which SQLite creates a table each time. */
    private static final String LAST_ROW = "SELECT last_insert_rowid()";

    public DirectSql(Connection connection, StatementCache statements) {
        super(connection, statements);
    }

    @Override
    public void change(Change change) {
        change.check(update(change.sql(), change.values()));
    }

    private int update(String sql, List<@Nullable Object> values) {
        try {
            PreparedStatement statement = prepared(sql);
            bind(statement, 1, values);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    @Override
    public <T> List<T> list(Reader<T> reader, String sql, @Nullable Object... values) {
        try {
            PreparedStatement statement = prepared(sql);
            bind(statement, 1, Arrays.asList(values));
            try (ResultSet rows = statement.executeQuery()) {
                return rows(rows, reader);
            }
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    @Override
    public OptionalLong insert(String sql, @Nullable Object... values) {
        update(sql, Arrays.asList(values));
        return OptionalLong.of(list(row -> row.getLong(1), LAST_ROW).get(0));
    }

    @Override
    public void flush() {}

    @Override
    public void drop() {}
}
