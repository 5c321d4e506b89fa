package io.sendport.client;

import io.sendport.api.message.MessageId;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Submits through the outbox, each submission in a transaction of its own, and waits for a host to admit it. */
final class OutboxClient implements SendportClient {

    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long LOOK_MILLIS = 50;
    /** Class of SQLSTATE: the database refuses the values, and will refuse them again. */
    private static final String WRONG_DATA = "22";

    private static final String VIOLATED_CONSTRAINT = "23";

    private final DataSource source;
    private final TransactionalSubmitter submitter;
    private final Duration patience;

    OutboxClient(DataSource source, TransactionalSubmitter submitter, Duration patience) {
        this.source = source;
        this.submitter = submitter;
        this.patience = patience;
    }

    @Override
    public Receipt submit(Submission submission) {
        MessageId id = stored(submission);
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                Answer answer = answer(id);
                if (answer instanceof Answer.Admitted) {
                    break;
                }
                if (answer instanceof Answer.Duplicate earlier) {
                    return new Receipt(earlier.message(), submission.port(), true);
                }
                if (answer instanceof Answer.Refused refused) {
                    throw new SubmissionRefusedException(refused.why());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (NotNowException e) {
            // The submission is committed: that nobody can be asked about it changes nothing.
            return new Receipt(id, submission.port(), false);
        }
        return new Receipt(id, submission.port(), false);
    }

    private MessageId stored(Submission submission) {
        try (Connection connection = source.getConnection()) {
            boolean before = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                MessageId id = submitter.submit(connection, submission);
                commit(connection);
                return id;
            } catch (SQLException | IOException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            } finally {
                connection.setAutoCommit(before);
            }
        } catch (IOException e) {
            throw new SubmissionRefusedException("a part of the submission cannot be read: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw refusal(e);
        }
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new NotNowException(
                    "It is not known whether the submission was stored, since the database did not answer the commit ("
                            + e.getMessage() + "). Submit it again with the same dedupe key.",
                    e);
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static RuntimeException refusal(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return state.startsWith(WRONG_DATA) || state.startsWith(VIOLATED_CONSTRAINT)
                ? new SubmissionRefusedException("The outbox does not take the submission: " + e.getMessage(), e)
                : new NotNowException("Nothing was submitted: " + e.getMessage(), e);
    }

    @Override
    public Answer answer(MessageId id) {
        try (Connection connection = source.getConnection();
                PreparedStatement query = connection.prepareStatement("SELECT answer, message, detail FROM "
                        + submitter.schema() + "submission_answer(?) ORDER BY answer LIMIT 1")) {
            query.setObject(1, UUID.fromString(id.value()));
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? answer(row.getString(1), row.getString(2), row.getString(3)) : new Answer.Unknown();
            }
        } catch (SQLException e) {
            throw new NotNowException("It cannot be asked what became of submission " + id + ": " + e.getMessage(), e);
        }
    }

    private static Answer answer(String answer, String message, String detail) throws SQLException {
        return switch (answer) {
            case "stored" -> new Answer.Stored();
            case "refused" -> new Answer.Refused(detail);
            case "duplicate" -> new Answer.Duplicate(new MessageId(message));
            case "admitted" -> new Answer.Admitted(detail);
            default -> throw new SQLException("unknown answer \"" + answer + "\" of a newer message box");
        };
    }

    @Override
    public void close() {}
}
