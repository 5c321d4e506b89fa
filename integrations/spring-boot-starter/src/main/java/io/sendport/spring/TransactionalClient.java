package io.sendport.spring;

import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.client.Answer;
import io.sendport.client.SendportClient;
import io.sendport.client.TransactionalSubmitter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** Submits through the outbox as part of the current Spring transaction: if it rolls back, nothing is submitted. */
final class TransactionalClient implements SendportClient {

    private final DataSource source;
    private final TransactionalSubmitter submitter;
    private final SendportClient standalone;
    private final TransactionRule rule;

    TransactionalClient(DataSource source, TransactionalSubmitter submitter, TransactionRule rule) {
        this.source = source;
        this.submitter = submitter;
        this.standalone = SendportClient.outbox(source, submitter);
        this.rule = rule;
    }

    @Override
    public Receipt submit(Submission submission) {
        if (!rule.joins()) {
            return standalone.submit(submission);
        }
        Connection connection = DataSourceUtils.getConnection(source);
        try {
            return new Receipt(submitter.submit(connection, submission), submission.port(), false);
        } catch (IOException | SQLException e) {
            throw TransactionalSubmitter.failure(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, source);
        }
    }

    @Override
    public Answer answer(MessageId id) {
        return standalone.answer(id);
    }

    @Override
    public OutcomePage outcomes(OutcomePosition after) {
        return standalone.outcomes(after);
    }

    @Override
    public void close() {
        standalone.close();
    }
}
