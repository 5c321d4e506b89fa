package io.sendport.client;

import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.support.Failures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Inserts submissions into the outbox on PostgreSQL as part of the caller's transaction. Committed submissions are sent; rolled-back
 * submissions leave no trace. Immutable and thread-safe.
 */
public final class TransactionalSubmitter {

    /** Bodies up to this size are stored in their row, larger ones in chunks. */
    static final int IN_ROW = 1024 * 1024;

    private static final int CHUNK = 512 * 1024;
    /** SQLSTATE classes: data exception and integrity constraint violation. */
    private static final Set<String> REJECTED_VALUES = Set.of("22", "23");

    private final String schema;

    /** Uses the schema {@code sendport}. */
    public TransactionalSubmitter() {
        this("sendport");
    }

    /**
     * Uses another schema.
     *
     * @param schema the exact name of the schema, case-sensitive
     */
    public TransactionalSubmitter(String schema) {
        this.schema = "\"" + schema.replace("\"", "\"\"") + "\".";
    }

    /**
     * Inserts the submission without committing. A host admits it after the caller commits.
     *
     * <p>The audit ledger names the database role as the submitter, not {@link Submission#actor}. If a host refuses the submission later,
     * the outbox keeps it with the reason: see {@link SendportClient#answer}.
     *
     * @param connection the caller's connection, in a transaction
     * @return the id of the submission, and later of its message; with several ports, of the first message
     * @throws IllegalStateException when the connection is in auto-commit mode
     * @throws IOException when a body cannot be read; the caller must roll back
     * @throws SQLException when the database refuses a row; the caller must roll back
     */
    public MessageId submit(Connection connection, Submission submission) throws SQLException, IOException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException(
                    "The connection is in auto-commit mode, so the submission would not be part of a transaction."
                            + " Call setAutoCommit(false), or submit in a method that is @Transactional.");
        }
        MessageId id = MessageId.random();
        for (int no = 0; no < submission.parts().size(); no++) {
            insert(connection, id, submission, no);
        }
        return id;
    }

    /**
     * Converts a failure of {@link #submit} to the exception that a {@link io.sendport.api.submit.Submitter} throws.
     *
     * @param failure an exception from {@code submit}
     * @return {@link SubmissionRefusedException} when the same submission would fail again, else {@link NotNowException}
     */
    public static RuntimeException failure(Exception failure) {
        if (failure instanceof IOException) {
            return new SubmissionRefusedException(
                    "Cannot read a part of the submission: " + Failures.reason(failure)
                            + ". Nothing was submitted; roll back, then submit again",
                    failure);
        }
        boolean isRejected = failure instanceof SQLException e
                && e.getSQLState() != null
                && REJECTED_VALUES.contains(e.getSQLState().substring(0, 2));
        return isRejected
                ? new SubmissionRefusedException(
                        "The database rejected the submission: " + failure.getMessage()
                                + ". Roll back, then correct the submission",
                        failure)
                : new NotNowException(
                        "Nothing was submitted: " + failure.getMessage() + ". Roll back, then submit again", failure);
    }

    private void insert(Connection connection, MessageId id, Submission submission, int no)
            throws SQLException, IOException {
        Part part = submission.parts().get(no);
        try (InputStream in = part.body().open()) {
            byte[] first = in.readNBytes(IN_ROW + 1);
            Optional<byte[]> inRow = first.length > IN_ROW ? Optional.empty() : Optional.of(first);
            if (no == 0) {
                insertSubmission(connection, id, submission, inRow);
            } else {
                insertPart(connection, id, no, part, inRow);
            }
            if (inRow.isEmpty()) {
                insertChunks(connection, id, no, first, in);
            }
        }
    }

    private void insertSubmission(Connection connection, MessageId id, Submission submission, Optional<byte[]> body)
            throws SQLException {
        Part part = submission.parts().get(0);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + schema
                + "submission (id, port, properties, dedupe_key, content_type, file_name, part_properties, body)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setObject(1, UUID.fromString(id.value()));
            insert.setString(2, submission.port());
            insert.setString(3, PropertiesJson.of(submission.context()));
            insert.setString(4, submission.dedupeKey().orElse(null));
            set(insert, 5, part, body);
            insert.executeUpdate();
        }
    }

    private void insertPart(Connection connection, MessageId id, int no, Part part, Optional<byte[]> body)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + schema
                + "submission_part (submission, no, content_type, file_name, part_properties, body)"
                + " VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setObject(1, UUID.fromString(id.value()));
            insert.setInt(2, no);
            set(insert, 3, part, body);
            insert.executeUpdate();
        }
    }

    /** Sets content type, file name, properties and body, from parameter {@code from} on. */
    private static void set(PreparedStatement insert, int from, Part part, Optional<byte[]> body) throws SQLException {
        Context properties = part.context().without(MessageProperties.FILE_NAME.name());
        insert.setString(from, part.contentType());
        insert.setString(from + 1, part.fileName().orElse(null));
        insert.setString(from + 2, PropertiesJson.of(properties));
        if (body.isPresent()) {
            insert.setBytes(from + 3, body.get());
        } else {
            insert.setNull(from + 3, Types.BINARY);
        }
    }

    private void insertChunks(Connection connection, MessageId id, int part, byte[] first, InputStream rest)
            throws SQLException, IOException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO " + schema + "submission_chunk (submission, part, no, bytes) VALUES (?, ?, ?, ?)")) {
            int no = 0;
            // The bytes that were read already fill two chunks and the first byte of a third.
            for (int from = 0; from < IN_ROW; from += CHUNK) {
                insertChunk(insert, id, part, no++, Arrays.copyOfRange(first, from, from + CHUNK));
            }
            InputStream left = new SequenceInputStream(new ByteArrayInputStream(first, IN_ROW, 1), rest);
            for (byte[] chunk = left.readNBytes(CHUNK); chunk.length > 0; chunk = left.readNBytes(CHUNK)) {
                insertChunk(insert, id, part, no++, chunk);
            }
        }
    }

    private static void insertChunk(PreparedStatement insert, MessageId id, int part, int no, byte[] bytes)
            throws SQLException {
        insert.setObject(1, UUID.fromString(id.value()));
        insert.setInt(2, part);
        insert.setInt(3, no);
        insert.setBytes(4, bytes);
        insert.executeUpdate();
    }

    /** The quoted schema with a dot: the prefix of tables and functions. */
    String schema() {
        return schema;
    }
}
