package io.sendport.host.operate;

import io.sendport.api.message.MessageId;
import io.sendport.host.box.Hold;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import java.time.Instant;
import java.util.Optional;

/**
 * A message without its content.
 *
 * @param id the id of the message
 * @param port the port that sends the message
 * @param host the host of that port
 * @param state the state
 * @param resumable whether an operator may resume the message
 * @param attempts the number of rounds so far
 * @param submittedAt when the message was submitted
 * @param nextAttemptAt the earliest time of the next attempt; empty once the message has ended
 * @param size the size of all parts in bytes
 * @param mimeMessageId the Message-ID header field; empty before the first attempt
 * @param lastError the last error; empty when there was none
 * @param hold the hold, which prevents that content and rows are deleted; empty when there is none
 */
public record MessageView(
        MessageId id,
        String port,
        String host,
        MessageState state,
        boolean resumable,
        int attempts,
        Instant submittedAt,
        Optional<Instant> nextAttemptAt,
        long size,
        Optional<String> mimeMessageId,
        Optional<String> lastError,
        Optional<Hold> hold) {

    static MessageView of(MessageRow row) {
        return of(row, row.state());
    }

    /** The view of {@code row}, with the state {@code shown}. */
    static MessageView of(MessageRow row, MessageState shown) {
        return new MessageView(
                row.id(),
                row.port(),
                row.host(),
                shown,
                row.resumable() && !row.state().isEnd(),
                row.attempts(),
                row.submittedAt(),
                row.state().isEnd() ? Optional.empty() : Optional.of(row.dueAt()),
                row.size(),
                Optional.of(row.mimeMessageId()).filter(each -> !each.isEmpty()),
                Optional.of(row.lastError()).filter(each -> !each.isEmpty()),
                row.hold());
    }
}
