package io.sendport.host.box;

import io.sendport.host.store.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An update of several columns of a message's row, in one statement: PostgreSQL writes a new version of the row for each. */
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

    /** Updates the row of the message with that number. */
    void of(Sql sql, long seq) {
        values.add(seq);
        sql.change("UPDATE message SET " + columns + " WHERE seq = ?", values.toArray());
    }
}
