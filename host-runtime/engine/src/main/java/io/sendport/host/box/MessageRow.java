package io.sendport.host.box;

import io.sendport.api.message.MessageId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * A message in the message box, without its parts.
 *
 * @param seq its number in the message box, in the order of submission
 * @param steps how often it has changed
 * @param id the message's id
 * @param port the port that sends it
 * @param host the host of that port
 * @param application the port's application
 * @param state its state
 * @param resumable whether an operator may resume it; false if it failed at an ordered port that has gone on to later messages
 * @param submittedAt when it was submitted
 * @param dueAt the earliest time of the next attempt
 * @param endedAt when it ended
 * @param attempts the number of attempts so far
 * @param attemptsBefore the number of attempts that no longer count, such as those over an earlier transport
 * @param onBackup whether the backup transport is in use
 * @param size bytes of all parts
 * @param mimeMessageId the Message-ID header field; empty before the first attempt
 * @param lastError the last error; may be empty
 * @param sourceId the message it was resubmitted from
 * @param hold present while it is on hold
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
        Optional<String> sourceId,
        Optional<Hold> hold) {

    static MessageRow map(java.sql.ResultSet row, StatementContext context) throws java.sql.SQLException {
        return map(row, "state");
    }

    /** The row of a message that was just stored. */
    static MessageRow stored(long seq, NewMessage message, long size) {
        Instant at = message.submittedAt().truncatedTo(ChronoUnit.MILLIS);
        return new MessageRow(
                seq,
                1,
                message.id(),
                message.port(),
                message.host(),
                message.application(),
                MessageState.WAITING,
                true,
                at,
                at,
                Optional.empty(),
                0,
                0,
                false,
                size,
                "",
                "",
                message.sourceId().map(MessageId::value),
                Optional.empty());
    }

    /** Maps a row; {@code state} is the column with the state. */
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
                Optional.ofNullable(row.getString("source_id")),
                hold(row));
    }

    private static Optional<Hold> hold(java.sql.ResultSet row) throws java.sql.SQLException {
        return row.getInt("held") == 1
                ? Optional.of(new Hold(
                        Instant.ofEpochMilli(row.getLong("held_at")),
                        text(row.getString("held_by")),
                        text(row.getString("held_why"))))
                : Optional.empty();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /**
     * Whether it was claimed by a lease in the store. A message that is claimed in the memory of its process has no lease: the store
     * shows it as waiting or retrying until its attempt starts.
     */
    public boolean isLeased() {
        return state == MessageState.SENDING;
    }

    /** Its steps if it is claimed in memory; otherwise a number that no message has. */
    long stepsIfUnleased() {
        return isLeased() ? -1 : steps;
    }

    /** The number of attempts over the current transport. */
    public int tries() {
        return attempts - attemptsBefore;
    }
}
