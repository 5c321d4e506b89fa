package io.sendport.host.ledger;

import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Appends records to the end of a lane within one transaction. Before the transaction commits, stores the records as segments and
 * updates the lane's head.
 */
final class Tail implements Transaction.BeforeCommit {
    private final Lane lane;
    private final Clock clock;
    private final Function<Entry, Entry.PrivatePart> makePrivatePart;
    private final IndexLagLimiter indexLag;
    private final Sql sql;
    private final Ledger.Head before;
    private long seq;
    private String hash;
    private Segment.Growing segment;

    /**
     * Locks the end of the lane.
     *
     * @param makePrivatePart creates the private part of an entry
     * @param indexLag limits how many records the search index lacks
     */
    Tail(
            Transaction transaction,
            Lane lane,
            Clock clock,
            Function<Entry, Entry.PrivatePart> makePrivatePart,
            IndexLagLimiter indexLag) {
        this.indexLag = indexLag;
        this.lane = lane;
        this.clock = clock;
        this.makePrivatePart = makePrivatePart;
        this.sql = transaction.sql();
        this.before = lane.acquire(transaction, clock.instant());
        this.seq = before.seq();
        this.hash = before.hash();
        this.segment = new Segment.Growing(before.lane(), seq + 1);
    }

    /** Appends an entry. Returns its place. */
    Ledger.Head append(Entry entry) {
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Entry.PrivatePart privatePart = entry.privatePart(makePrivatePart);
        SortedMap<String, Object> place = new TreeMap<>();
        place.put("lane", before.lane());
        place.put("seq", ++seq);
        place.put("at", at.toString());
        place.put("kind", entry.kind().name());
        place.put("prevHash", hash);
        place.put("private", privatePart.hash);
        byte[] canonical = CanonicalJson.bytes(entry.header(), place);
        hash = Hashing.ofHeader(canonical, 0, canonical.length);
        if (segment.isFull(canonical.length + privatePart.json.length)) {
            store();
        }
        segment.add(at, entry.kind().name(), canonical, hash, privatePart.salt, privatePart.json);
        return new Ledger.Head(before.lane(), seq, hash);
    }

    private void store() {
        if (!segment.isEmpty()) {
            StoredRecords.insert(sql, segment.build());
            segment = new Segment.Growing(before.lane(), segment.next());
        }
    }

    @Override
    public void beforeCommit(Transaction transaction) {
        store();
        sql.changeOne(
                () -> new IllegalStateException("lane " + before.lane()
                        + " was extended by another process during the transaction; the transaction is rolled back"),
                "UPDATE audit_lane SET head_seq = ?, head_hash = ? WHERE lane = ? AND head_seq = ? AND head_hash = ?",
                seq,
                hash,
                before.lane(),
                before.seq(),
                before.hash());
        Ledger.Head head = new Ledger.Head(before.lane(), seq, hash);
        transaction.whenCommitted(() -> lane.committed(transaction.writer(), head));
        indexLag.added(transaction, head, seq - before.seq());
    }
}
