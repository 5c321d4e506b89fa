package io.sendport.host.operate;

import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomeKind;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.api.outcome.OutcomeSource;
import io.sendport.api.submit.NotNowException;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.commit.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * Reads the outcomes of messages from the ledger. The transaction that causes an outcome also records it on the ledger, and each lane grows
 * only at its end. So a place in each lane is a position after which no outcome is missed. Safe for use by several threads.
 */
public final class Outcomes implements OutcomeSource {

    /** A page ends after the record that reaches this number of events. It has more events if that record has several recipients. */
    private static final int MAX_EVENTS = 200;

    private static final int RECORDS_AT_A_TIME = 200;
    /** A page ends after this number of records even if it has no events, because few records may be visible to the caller. */
    private static final int MAX_RECORDS = 5_000;

    private static final List<Kind> KINDS = List.of(
            Kind.ACCEPTED,
            Kind.DEFERRED,
            Kind.REFUSED,
            Kind.IN_DOUBT,
            Kind.SUSPENDED,
            Kind.RESOLVED,
            Kind.TERMINATED,
            Kind.CONSUMED);

    private final MessageBox box;

    Outcomes(MessageBox box) {
        this.box = box;
    }

    /**
     * Returns a page of the outcomes of all messages after a position.
     *
     * @throws NotNowException when the store is unavailable
     */
    @Override
    public OutcomePage outcomes(OutcomePosition after) {
        try {
            return outcomes(after, (port, submitter) -> true);
        } catch (StoreException e) {
            throw new NotNowException("Outcomes cannot be read now: " + e.getMessage(), e);
        }
    }

    /**
     * Returns a page of outcomes after a position.
     *
     * @param visible decides by port and submitter whether the outcomes of a message are visible; the submitter is empty if
     *     {@code audit erase} has deleted it
     * @throws StoreException when the store is unavailable
     */
    public OutcomePage outcomes(OutcomePosition after, BiPredicate<String, String> visible) {
        List<Ledger.Head> heads = box.ledger().heads();
        OutcomePosition position = after;
        if (after.equals(OutcomePosition.NOW)) {
            for (Ledger.Head head : heads) {
                position = position.at(head.lane(), head.seq());
            }
            return new OutcomePage(List.of(), position, false);
        }
        List<OutcomeEvent> events = new ArrayList<>();
        int recordsRead = 0;
        for (Ledger.Head head : heads) {
            while (position.seq(head.lane()) < head.seq()) {
                if (events.size() >= MAX_EVENTS || recordsRead >= MAX_RECORDS) {
                    return new OutcomePage(events, position, true);
                }
                List<AuditRecord> records =
                        box.ledger().next(head, position.seq(head.lane()), KINDS, RECORDS_AT_A_TIME);
                position = read(records, visible, position, events);
                recordsRead += records.size();
                boolean isAllRead = records.isEmpty()
                        || position.seq(head.lane())
                                == records.get(records.size() - 1).seq();
                if (isAllRead && records.size() < RECORDS_AT_A_TIME) {
                    position = position.at(head.lane(), head.seq());
                }
            }
        }
        return new OutcomePage(events, position, false);
    }

    /**
     * Adds the events of consecutive records of a lane to {@code events} until the page is full. Returns the position after the last
     * record.
     */
    private OutcomePosition read(
            List<AuditRecord> records,
            BiPredicate<String, String> visible,
            OutcomePosition from,
            List<OutcomeEvent> events) {
        Map<String, AuditRecord> submitted = box.ledger()
                .submitted(records.stream()
                        .map(each -> each.header("message"))
                        .distinct()
                        .toList());
        OutcomePosition position = from;
        for (AuditRecord each : records) {
            if (events.size() >= MAX_EVENTS) {
                return position;
            }
            OutcomePosition before = position;
            position = position.at(each.lane(), each.seq());
            Optional<AuditRecord> submission = Optional.ofNullable(submitted.get(each.header("message")));
            String submitter = submission.map(one -> one.detail("actor")).orElse("");
            if (visible.test(each.header("port"), submitter)) {
                events.addAll(events(each, submission, before, position));
            }
        }
        return position;
    }

    /** The events of one record. Only the last event has the position after the record, so that a reader repeats a whole record. */
    private static List<OutcomeEvent> events(
            AuditRecord record, Optional<AuditRecord> submission, OutcomePosition before, OutcomePosition after) {
        List<Found> found = found(record);
        List<OutcomeEvent> events = new ArrayList<>();
        for (int no = 0; no < found.size(); no++) {
            Found each = found.get(no);
            events.add(new OutcomeEvent(
                    record.lane() + ":" + record.seq() + "-" + (no + 1),
                    each.kind(),
                    new MessageId(record.header("message")),
                    record.header("port"),
                    submission.flatMap(one -> present(one.detail("dedupeKey"))),
                    submission.map(Outcomes::properties).orElse(Map.of()),
                    each.recipient(),
                    each.reply(),
                    present(record.detail("mimeMessageId")),
                    record.at(),
                    no == found.size() - 1 ? after : before));
        }
        return events;
    }

    /** The outcome of one recipient, or of the whole message, in a record. */
    private record Found(OutcomeKind kind, Optional<String> recipient, String reply) {}

    private static List<Found> found(AuditRecord record) {
        return switch (Kind.valueOf(record.header("kind"))) {
            case ACCEPTED, DEFERRED, REFUSED -> recipients(record);
            case IN_DOUBT -> {
                List<Found> named = recipients(record);
                yield named.isEmpty() ? ofMessage(record, OutcomeKind.IN_DOUBT) : named;
            }
            case SUSPENDED -> ofMessage(record, OutcomeKind.SUSPENDED);
            case RESOLVED -> ofMessage(record, OutcomeKind.RESOLVED);
            case TERMINATED -> ofMessage(record, OutcomeKind.TERMINATED);
            case CONSUMED -> ofMessage(record, OutcomeKind.CONSUMED);
            default -> List.of();
        };
    }

    private static List<Found> ofMessage(AuditRecord record, OutcomeKind kind) {
        return List.of(new Found(
                kind, Optional.empty(), present(record.detail("detail")).orElse(record.detail("reason"))));
    }

    /** The outcomes of the recipients, except those that are deferred and will be retried. */
    private static List<Found> recipients(AuditRecord record) {
        List<Found> all = new ArrayList<>();
        if (record.secret().get("recipients") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> fields) {
                    // If the process died during the attempt, the record has the recipients without outcomes.
                    String word = text(fields, "outcome").orElse(OutcomeKind.IN_DOUBT.word());
                    if (!word.equals("deferred")) {
                        all.add(new Found(
                                OutcomeKind.of(word),
                                text(fields, "address"),
                                text(fields, "reply").orElse(record.detail("detail"))));
                    }
                }
            }
        }
        return all;
    }

    private static Map<String, String> properties(AuditRecord submission) {
        Map<String, String> properties = new TreeMap<>();
        if (submission.secret().get("properties") instanceof Map<?, ?> values) {
            values.forEach((name, value) -> properties.put(String.valueOf(name), String.valueOf(value)));
        }
        return properties;
    }

    private static Optional<String> text(Map<?, ?> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(String::valueOf).filter(text -> !text.isEmpty());
    }

    private static Optional<String> present(String text) {
        return Optional.of(text).filter(each -> !each.isEmpty());
    }
}
