package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Portions;
import io.sendport.host.ledger.StoredRecord;
import io.sendport.host.ledger.StoredUnits;
import io.sendport.host.ledger.StoredUnits.Unit;
import io.sendport.host.store.Store;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares the records of each message, across lanes, with the row of the message. While a verification reads the records, this class
 * summarizes them by message. If they do not match the row, the message may have changed in the meantime. Such messages are compared
 * again with all their records, in one snapshot. Not thread-safe.
 */
final class CrossCheck {

    private static final int PAGE = 5_000;
    /** The number of messages in one pass, to limit memory. Each further pass reads all headers again. */
    private static final int MAX_MESSAGES = 2_000_000;

    private final Store store;
    private final List<Lane.Extent> extents;
    private final boolean isPruned;
    private final int passes;
    private MessageTable messages = new MessageTable();
    private int pass;

    /**
     * Creates a check of {@code store}.
     *
     * @param extents the verified range of each lane
     */
    CrossCheck(Store store, List<Lane.Extent> extents) {
        this.store = store;
        this.extents = extents;
        this.isPruned = extents.stream().anyMatch(each -> each.begin().seq() > 0);
        long records = extents.stream()
                .mapToLong(each -> each.head().seq() - each.begin().seq())
                .sum();
        this.passes = (int) (1 + records / MAX_MESSAGES);
    }

    /** Adds a record whose hash is valid. */
    void accept(StoredRecord record, LinkHeader header) {
        String id = header.message;
        if (id == null) {
            return;
        }
        long key = messages.key(id);
        if (Math.floorMod(key, passes) != pass) {
            return;
        }
        int at = messages.add(key, header.step);
        switch (header.kind) {
            case "ACCEPTED" -> messages.set(at, MessageTable.ACCEPTED);
            case "RESOLVED" -> messages.set(at, MessageTable.RESOLVED);
            case "TERMINATED" -> messages.set(at, MessageTable.TERMINATED);
            case "CONSUMED" -> messages.set(at, MessageTable.CONSUMED);
            case "SUSPENDED" -> messages.set(at, MessageTable.SUSPENDED);
            case "HELD" -> messages.hold(at, header.step, true);
            case "RELEASED" -> messages.hold(at, header.step, false);
            default -> {
                // No state of a message depends on this kind.
            }
        }
        if (header.step == 1) {
            messages.set(at, MessageTable.FIRST);
            boolean isSubmitted = header.kind.equals("SUBMITTED");
            messages.submit(
                    at,
                    messages.hash(isSubmitted ? String.valueOf(header.content) : ""),
                    messages.hash(record.place()));
        }
    }

    /** Returns the first inconsistency; empty when there is none. Call this after all records were added. */
    Optional<String> fault() {
        Optional<String> misplaced = store.read(StoredUnits::misplaced);
        Set<String> suspects = new TreeSet<>();
        while (misplaced.isEmpty()) {
            collect(suspects);
            pass++;
            if (pass >= passes) {
                break;
            }
            messages = new MessageTable();
            forEachRecord(this::accept);
        }
        return misplaced.or(() -> confirmed(suspects));
    }

    /** Returns the first fault that a second comparison, in one snapshot, confirms. */
    private Optional<String> confirmed(Set<String> suspects) {
        for (List<String> some : Portions.of(suspects, MessageRecords.MAX_COUNT)) {
            Optional<String> fault = store.readSnapshot(handle -> MessageRecords.fault(handle, some, isPruned));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    /** Adds the ids of the messages of this pass whose records may not match their rows. */
    private void collect(Set<String> suspects) {
        long after = 0;
        List<MessageRecords.Row> page = rows(after);
        while (!page.isEmpty()) {
            for (MessageRecords.Row each : page) {
                long key = messages.key(each.id());
                if (Math.floorMod(key, passes) == pass && !matches(each, messages.find(key))) {
                    suspects.add(each.id());
                }
                after = each.seq();
            }
            page = rows(after);
        }
        Set<Long> keys = new HashSet<>();
        messages.each(place -> {
            int at = (int) place;
            boolean isGone = !messages.has(at, MessageTable.ROW)
                    && (messages.has(at, MessageTable.HELD)
                            || (messages.has(at, MessageTable.FIRST) && !messages.has(at, MessageTable.END)));
            if (isGone || !messages.isConsecutive(at, !isPruned)) {
                keys.add(messages.keyAt(at));
            }
        });
        if (!keys.isEmpty()) {
            forEachRecord((record, header) -> {
                String id = header.message;
                if (id != null && keys.contains(messages.key(id))) {
                    suspects.add(id);
                }
            });
        }
    }

    private List<MessageRecords.Row> rows(long after) {
        return store.read(handle -> MessageRecords.rows(handle, after, PAGE));
    }

    /** Returns whether the records match the row. Marks the message as one that has a row. */
    private boolean matches(MessageRecords.Row row, int at) {
        if (at < 0) {
            return false;
        }
        messages.set(at, MessageTable.ROW);
        boolean isStateRecorded =
                switch (row.state()) {
                    case "DONE" -> messages.has(at, MessageTable.ACCEPTED | MessageTable.RESOLVED);
                    case "TERMINATED" -> messages.has(at, MessageTable.TERMINATED);
                    case "CONSUMED" -> messages.has(at, MessageTable.CONSUMED);
                    case "SUSPENDED" -> messages.has(at, MessageTable.SUSPENDED);
                    default -> true;
                };
        boolean isSubmitted = !messages.has(at, MessageTable.FIRST)
                || (messages.submitted(at) == messages.hash(row.digest())
                        && (row.submitted().isEmpty()
                                || messages.place(at)
                                        == messages.hash(row.submitted().get())));
        return messages.count(at) == row.steps()
                && isStateRecorded
                && isSubmitted
                && row.held() == messages.has(at, MessageTable.HELD);
    }

    /** Receives a record. */
    private interface RecordConsumer {
        void accept(StoredRecord record, LinkHeader header);
    }

    /** Reads all records of the verified ranges again. Skips records that cannot be parsed. */
    private void forEachRecord(RecordConsumer consumer) {
        for (Lane.Extent extent : extents) {
            Iterator<Unit> units = new LaneUnits(store, extent);
            while (units.hasNext()) {
                for (StoredRecord record : records(units.next())) {
                    LinkHeader header = header(record);
                    if (header != null && record.seq() > extent.begin().seq()) {
                        consumer.accept(record, header);
                    }
                }
            }
        }
    }

    private static List<StoredRecord> records(Unit unit) {
        try {
            return unit instanceof Unit.Packed packed ? packed.segment().records() : List.of(((Unit.Row) unit).link());
        } catch (IllegalArgumentException e) {
            // The chain has reported this segment already.
            return List.of();
        }
    }

    private static @Nullable LinkHeader header(StoredRecord record) {
        try {
            return LinkHeader.parse(record.header());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
