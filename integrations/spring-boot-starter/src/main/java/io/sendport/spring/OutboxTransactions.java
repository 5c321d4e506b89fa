package io.sendport.spring;

import io.sendport.api.submit.Submitter;
import io.sendport.client.TransactionalSubmitter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.IllegalTransactionStateException;

/**
 * Joins the current transaction through the outbox, if the application's database contains the message box. The engine in the same
 * application admits the submission after the commit. Thread-safe.
 */
final class OutboxTransactions implements CurrentTransaction {

    private final @Nullable DataSource source;
    private final String schema;
    private final TransactionRule rule;
    private final Optional<Submitter> outbox;
    private volatile boolean hasOutbox;

    /**
     * Joins the transactions of {@code source}.
     *
     * @param source the application's only data source; null when there is none or several
     * @param schema the schema of the outbox
     */
    OutboxTransactions(@Nullable DataSource source, String schema, TransactionRule rule) {
        this.source = source;
        this.schema = schema;
        this.rule = rule;
        this.outbox = Optional.ofNullable(source)
                .map(each -> new TransactionalClient(each, new TransactionalSubmitter(schema), rule));
    }

    @Override
    public Optional<Submitter> joined(boolean isOnPostgres) {
        if (!rule.joins()) {
            return Optional.empty();
        }
        if (!isOnPostgres || !hasOutbox()) {
            throw new IllegalTransactionStateException(
                    "The submission cannot join the current transaction: the database of the transaction has no message box"
                            + " in the schema " + schema
                            + " (sendport.client.schema). Nothing was submitted. If the message"
                            + " box is in another database, submit after the commit, or set " + rule.property()
                            + "=ignore; the message is then sent even if the transaction rolls back");
        }
        return outbox;
    }

    /** Queries in the current transaction until the outbox was found once. */
    private boolean hasOutbox() {
        DataSource joined = source;
        if (hasOutbox || joined == null) {
            return hasOutbox;
        }
        Connection connection = DataSourceUtils.getConnection(joined);
        try {
            hasOutbox = connection.getMetaData().getDatabaseProductName().equals("PostgreSQL") && hasOutbox(connection);
            return hasOutbox;
        } catch (SQLException e) {
            throw TransactionalSubmitter.failure(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, joined);
        }
    }

    private boolean hasOutbox(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = ? AND tablename = 'submission')")) {
            query.setString(1, schema);
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
