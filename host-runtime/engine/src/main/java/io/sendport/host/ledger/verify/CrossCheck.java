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
 * Compares lanes with each other, and records with the states of messages. While a verification reads the records, this sums up
 * what they say about each message. A message for which something does not fit may only have changed meanwhile, so it is compared
 * again with all its records, in one snapshot. For one thread.
 */
final class CrossCheck {

    private static final int PAGE = 5_000;
    /** Messages per pass: more would need too much memory, and the headers are read once more for each further pass. */
    private static final int MAX_MESSAGES = 2_000_000;

    private final Store store;
    private final List<Lane.Extent> extents;
    private final boolean isPruned;
    private final int passes;
    private MessageTable messages = new MessageTable();
    private int pass;

    /**
     * Checks {@code store}.
     *
     * @param extents what is verified
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
    void hear(StoredRecord link, LinkHeader header) {
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
                // No state of a message depends on it.
            }
        }
        if (header.step == 1) {
            messages.set(at, MessageTable.FIRST);
            boolean isSubmitted = header.kind.equals("SUBMITTED");
            messages.submit(
                    at,
                    messages.print(isSubmitted ? String.valueOf(header.content) : ""),
                    messages.print(link.place()));
        }
    }

    /** The first inconsistency, after all records were heard. */
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
            headers(this::hear);
        }
        return misplaced.or(() -> confirmed(suspects));
    }

    private Optional<String> confirmed(Set<String> suspects) {
        for (List<String> some : Portions.of(suspects, MessageRecords.MAX_COUNT)) {
            Optional<String> fault = store.readOneMoment(handle -> MessageRecords.fault(handle, some, isPruned));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    /** Adds ids of messages of this pass whose records and rows may not fit. */
    private void collect(Set<String> suspects) {
        long after = 0;
        List<MessageRecords.Row> page = rows(after);
        while (!page.isEmpty()) {
            for (MessageRecords.Row each : page) {
                long key = messages.key(each.id());
                if (Math.floorMod(key, passes) == pass && !fits(each, messages.find(key))) {
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
            headers((link, header) -> {
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

    /** Whether the records may be those of the row. */
    private boolean fits(MessageRecords.Row row, int at) {
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
                || (messages.submitted(at) == messages.print(row.digest())
                        && (row.submitted().isEmpty()
                                || messages.place(at)
                                        == messages.print(row.submitted().get())));
        return messages.count(at) == row.steps()
                && isStateRecorded
                && isSubmitted
                && row.held() == messages.has(at, MessageTable.HELD);
    }

    /** Receives a record. */
    private interface RecordConsumer {
        void hear(StoredRecord link, LinkHeader header);
    }

    /** Passes all records once more. */
    private void headers(RecordConsumer to) {
        for (Lane.Extent extent : extents) {
            Iterator<Unit> units = new LaneUnits(store, extent);
            while (units.hasNext()) {
                for (StoredRecord link : links(units.next())) {
                    LinkHeader header = header(link);
                    if (header != null && link.seq() > extent.begin().seq()) {
                        to.hear(link, header);
                    }
                }
            }
        }
    }

    private static List<StoredRecord> links(Unit unit) {
        try {
            return unit instanceof Unit.Packed packed ? packed.segment().links() : List.of(((Unit.Row) unit).link());
        } catch (IllegalArgumentException e) {
            // The chain has found that already.
            return List.of();
        }
    }

    private static @Nullable LinkHeader header(StoredRecord link) {
        try {
            return LinkHeader.parse(link.header());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
