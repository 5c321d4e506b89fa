package io.sendport.spring;

import io.sendport.api.outcome.OutcomePosition;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Stores positions in the table {@code sendport_outcome_position} of the application. The work and its position share one transaction. The
 * row lock serializes the instances of the application.
 */
final class PositionsInDatabase implements OutcomePositions {

    private final JdbcOperations jdbc;
    private final TransactionOperations transactions;

    PositionsInDatabase(JdbcOperations jdbc, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public OutcomePosition read(String reader) {
        return position(jdbc.queryForList(
                "SELECT position FROM sendport_outcome_position WHERE reader = ?", String.class, reader));
    }

    @Override
    public boolean advance(String reader, OutcomePosition from, OutcomePosition to, Runnable work) {
        try {
            return Boolean.TRUE.equals(transactions.execute(status -> {
                List<String> rows = jdbc.queryForList(
                        "SELECT position FROM sendport_outcome_position WHERE reader = ? FOR UPDATE",
                        String.class,
                        reader);
                if (!position(rows).equals(from)) {
                    return false;
                }
                // Write the row before the work: if another instance inserts it at the same time, this one waits and
                // then does nothing.
                int changed = rows.isEmpty()
                        ? jdbc.update(
                                "INSERT INTO sendport_outcome_position (reader, position) VALUES (?, ?)",
                                reader,
                                to.value())
                        : jdbc.update(
                                "UPDATE sendport_outcome_position SET position = ? WHERE reader = ?",
                                to.value(),
                                reader);
                work.run();
                return changed == 1;
            }));
        } catch (DuplicateKeyException e) {
            if (read(reader).equals(from)) {
                // The position did not change, so the duplicate key is from the listener itself.
                throw e;
            }
            return false;
        }
    }

    private static OutcomePosition position(List<String> rows) {
        return rows.isEmpty() ? OutcomePosition.BEGIN : new OutcomePosition(rows.get(0));
    }
}
