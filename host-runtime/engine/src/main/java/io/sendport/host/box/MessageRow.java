package io.sendport.host.box;

import io.sendport.api.message.MessageId;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * What the box knows of a message, without its parts.
 *
 * @param seq its number in the box, by submission
 * @param steps how often it changed
 * @param id its name
 * @param port the port that sends it
 * @param host the host of that port
 * @param application the port's application
 * @param state where it stands
 * @param resumable whether a person may let it go on
 * @param submittedAt when it came
 * @param dueAt when it may next be tried
 * @param endedAt when it ended
 * @param attempts deliveries tried so far
 * @param attemptsBefore those over a transport that was given up
 * @param onBackup whether the backup transport has its turn
 * @param size bytes of all parts
 * @param mimeMessageId the Message-ID header field; empty before the first attempt
 * @param lastError what last went wrong; may be empty
 * @param sourceId the message it was resubmitted from
 */
public record MessageRow(
        long seq,
        long steps,
        MessageId id,
        String port,
        String host,
        String application,
        MessageState state,
        boolean resumable,
        Instant submittedAt,
        Instant dueAt,
        Optional<Instant> endedAt,
        int attempts,
        int attemptsBefore,
        boolean onBackup,
        long size,
        String mimeMessageId,
        String lastError,
        Optional<String> sourceId) {

    static MessageRow map(java.sql.ResultSet row, StatementContext context) throws java.sql.SQLException {
        return map(row, "state");
    }

    /** With the state from that column. */
    static MessageRow map(java.sql.ResultSet row, String state) throws java.sql.SQLException {
        long ended = row.getLong("ended_at");
        boolean open = row.wasNull();
        return new MessageRow(
                row.getLong("seq"),
                row.getLong("steps"),
                new MessageId(row.getString("id")),
                row.getString("port"),
                row.getString("host"),
                row.getString("application"),
                MessageState.valueOf(row.getString(state)),
                row.getInt("resumable") == 1,
                Instant.ofEpochMilli(row.getLong("submitted_at")),
                Instant.ofEpochMilli(row.getLong("due_at")),
                open ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended)),
                row.getInt("attempts"),
                row.getInt("attempts_before"),
                row.getInt("transport") == 1,
                row.getLong("size"),
                text(row.getString("mime_message_id")),
                text(row.getString("last_error")),
                Optional.ofNullable(row.getString("source_id")));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** Attempts over the transport that has its turn. */
    public int tries() {
        return attempts - attemptsBefore;
    }
}
