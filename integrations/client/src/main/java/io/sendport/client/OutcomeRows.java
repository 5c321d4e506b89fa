package io.sendport.client;

import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomeKind;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds one page of outcomes from the rows of {@code submission_outcomes}; see docs/outbox-sql.md. Not thread-safe. */
final class OutcomeRows {

    private final OutcomePosition start;
    private OutcomePosition position;
    private final List<OutcomeEvent> events = new ArrayList<>();
    private Optional<OutcomeEvent> last = Optional.empty();

    OutcomeRows(OutcomePosition start) {
        this.start = start;
        this.position = start;
    }

    /** Reads all rows. {@code most} is the maximum number of records of each lane that the query covers. */
    OutcomePage read(ResultSet rows, int most) throws SQLException {
        boolean hasMore = false;
        while (rows.next()) {
            long lane = rows.getLong("lane");
            long seq = rows.getLong("seq");
            boolean isNext = last.isPresent() && !last.get().id().startsWith(lane + ":" + seq + "-");
            if (isNext) {
                finish();
            }
            if (rows.getString("outcome") == null) {
                finish();
                hasMore |= !start.equals(OutcomePosition.NOW) && seq - start.seq(lane) >= most;
                position = position.at(lane, seq);
            } else {
                last.ifPresent(events::add);
                last = Optional.of(event(rows, lane, seq));
            }
        }
        finish();
        return new OutcomePage(events, position, hasMore);
    }

    /** Only the last event of a record advances the position, so that a repeated record is complete. */
    private void finish() {
        last.ifPresent(event -> {
            String[] place = event.id().substring(0, event.id().indexOf('-')).split(":");
            position = position.at(Long.parseLong(place[0]), Long.parseLong(place[1]));
            events.add(new OutcomeEvent(
                    event.id(),
                    event.kind(),
                    event.message(),
                    event.port(),
                    event.dedupeKey(),
                    event.properties(),
                    event.recipient(),
                    event.reply(),
                    event.mimeMessageId(),
                    event.at(),
                    position));
        });
        last = Optional.empty();
    }

    private OutcomeEvent event(ResultSet row, long lane, long seq) throws SQLException {
        return new OutcomeEvent(
                lane + ":" + seq + "-" + row.getInt("no"),
                OutcomeKind.of(row.getString("outcome")),
                new MessageId(row.getString("message")),
                row.getString("port"),
                Optional.ofNullable(row.getString("dedupe_key")),
                AnswerJson.fields(row.getString("properties")),
                Optional.ofNullable(row.getString("recipient")),
                row.getString("reply"),
                Optional.ofNullable(row.getString("mime_message_id")),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                position);
    }
}
