package io.sendport.client;

import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
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

/** Submits through the outbox, each submission in its own transaction, and waits for a host to admit it. */
final class OutboxClient implements SendportClient {

    /** How long a submit waits for a host to admit it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final long POLL_MILLIS = 50;
    /** The maximum number of ledger records of each lane that a page of outcomes covers. */
    private static final int RECORDS = 500;

    /** The SQLSTATE class of a missing right or a missing function. */
    private static final String NO_RIGHT_OR_FUNCTION = "42";

    /** The SQLSTATE of a missing right. */
    private static final String NO_RIGHT = "42501";

    private final DataSource source;
    private final TransactionalSubmitter submitter;

    OutboxClient(DataSource source, TransactionalSubmitter submitter) {
        this.source = source;
        this.submitter = submitter;
    }

    @Override
    public Receipt submit(Submission submission) {
        MessageId id = insert(submission);
        Answer answer = awaitAdmission(id);
        if (answer instanceof Answer.Refused refused) {
            throw new SubmissionRefusedException(refused.why());
        }
        return answer instanceof Answer.Duplicate earlier
                ? new Receipt(earlier.message(), submission.port(), true)
                : new Receipt(id, submission.port(), false);
    }

    /** Waits for a host to admit or refuse the submission, and returns the last known answer. The submission is durable in any case. */
    private Answer awaitAdmission(MessageId id) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        Answer answer = new Answer.Stored();
        try {
            while (isPending(answer) && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                answer = answer(id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (NotNowException e) {
            // The database is unavailable now. The submission is committed.
            return answer;
        }
        return answer;
    }

    /** Unknown counts as pending, because a connection to a standby may not see the submission yet. */
    private static boolean isPending(Answer answer) {
        return answer instanceof Answer.Stored || answer instanceof Answer.Unknown;
    }

    private MessageId insert(Submission submission) {
        try (Connection connection = source.getConnection()) {
            boolean before = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                MessageId id = submitter.submit(connection, submission);
                commit(connection, id, submission);
                return id;
            } catch (SQLException | IOException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            } finally {
                connection.setAutoCommit(before);
            }
        } catch (IOException | SQLException e) {
            throw TransactionalSubmitter.failure(e);
        }
    }

    private static void commit(Connection connection, MessageId id, Submission submission) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new NotNowException(
                    "It is not known whether the submission was stored, because the database did not answer the commit ("
                            + e.getMessage() + "). "
                            + (submission.dedupeKey().isPresent()
                                    ? "Submit it again with the same dedupe key."
                                    : "It has no dedupe key, so check before you submit it again:"
                                            + " SendportClient.answer is Unknown if submission " + id
                                            + " was not stored"),
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
            throw new NotNowException(
                    "Cannot read the status of submission " + id + ": " + e.getMessage() + ". Ask again later", e);
        }
    }

    @Override
    public OutcomePage outcomes(OutcomePosition after) {
        try (Connection connection = source.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "SELECT lane, seq, no, at, message, port, outcome, recipient, reply, mime_message_id, dedupe_key, properties FROM "
                                + submitter.schema() + "submission_outcomes(?, ?)")) {
            query.setString(1, after.value());
            query.setInt(2, RECORDS);
            try (ResultSet rows = query.executeQuery()) {
                return new OutcomeRows(after).read(rows, RECORDS);
            }
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith(NO_RIGHT_OR_FUNCTION)) {
                throw new IllegalStateException(
                        "Cannot read outcomes: " + e.getMessage() + ". "
                                + (state.equals(NO_RIGHT)
                                        ? "Ask the owner of the tables to grant EXECUTE on submission_outcomes to this role; see"
                                                + " Rights in docs/outbox.md"
                                        : "The tables may be from an older version; run `sendport store migrate`"),
                        e);
            }
            throw new NotNowException("Cannot read outcomes: " + e.getMessage() + ". Ask again later", e);
        }
    }

    private static Answer answer(String answer, String message, String detail) throws SQLException {
        return switch (answer) {
            case "stored" -> new Answer.Stored();
            case "refused" -> new Answer.Refused(detail);
            case "duplicate" -> new Answer.Duplicate(new MessageId(message));
            case "admitted" -> new Answer.Admitted(detail);
            default ->
                throw new SQLException(
                        "unknown answer \"" + answer + "\", which a newer message box may have; update this client");
        };
    }

    @Override
    public void close() {}
}
