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
 * @param id its name
 * @param port the port that sends it
 * @param host the host of that port
 * @param state its state
 * @param resumable whether an operator may resume it
 * @param attempts the number of delivery rounds so far
 * @param submittedAt when it was submitted
 * @param nextAttemptAt the earliest time of the next attempt; empty once it has ended
 * @param size bytes of all parts
 * @param mimeMessageId the Message-ID header field; empty before the first attempt
 * @param lastError the last error
 * @param hold present while it is on hold: nothing deletes its content and rows
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

    /** With the state to show. */
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
