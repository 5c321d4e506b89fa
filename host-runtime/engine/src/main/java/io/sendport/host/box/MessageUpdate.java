package io.sendport.host.box;

import io.sendport.host.store.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Updates several columns of a message in one statement, because PostgreSQL writes a new version of the row for each statement. */
final class MessageUpdate {

    private final StringBuilder columns = new StringBuilder();
    private final List<@Nullable Object> values = new ArrayList<>();

    MessageUpdate set(String column, @Nullable Object value) {
        next(column).append(" = ?");
        values.add(value);
        return this;
    }

    MessageUpdate increment(String column) {
        next(column).append(" = ").append(column).append(" + 1");
        return this;
    }

    private StringBuilder next(String column) {
        return columns.append(columns.isEmpty() ? "" : ", ").append(column);
    }

    /** Updates the row of the message with the number {@code seq}. */
    void execute(Sql sql, long seq) {
        values.add(seq);
        sql.change("UPDATE message SET " + columns + " WHERE seq = ?", values.toArray());
    }
}
