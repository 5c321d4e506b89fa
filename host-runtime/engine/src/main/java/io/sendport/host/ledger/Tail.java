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
 * The end of our lane within one transaction. Records are chained to it. Before the transaction commits, they are stored as a
 * segment, and the lane's head is moved.
 */
final class Tail implements Transaction.BeforeCommit {
    private final Lane lane;
    private final Clock clock;
    private final Function<Entry, Entry.PrivatePart> makePrivatePart;
    private final IndexLagLimiter distance;
    private final Sql sql;
    private final Ledger.Head before;
    private long seq;
    private String hash;
    private Segment.Growing segment;

    /**
     * @param makePrivatePart creates the private part of an entry
     * @param distance keeps the search index from falling far behind
     */
    Tail(
            Transaction transaction,
            Lane lane,
            Clock clock,
            Function<Entry, Entry.PrivatePart> makePrivatePart,
            IndexLagLimiter distance) {
        this.distance = distance;
        this.lane = lane;
        this.clock = clock;
        this.makePrivatePart = makePrivatePart;
        this.sql = transaction.sql();
        this.before = lane.take(transaction, clock.instant());
        this.seq = before.seq();
        this.hash = before.hash();
        this.segment = new Segment.Growing(before.lane(), seq + 1);
    }

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
        byte[] secret = privatePart.json;
        hash = Hashing.ofHeader(canonical, 0, canonical.length);
        if (segment.isFull(canonical.length + secret.length)) {
            store();
        }
        segment.add(at, entry.kind().name(), canonical, hash, privatePart.salt, secret);
        return new Ledger.Head(before.lane(), seq, hash);
    }

    private void store() {
        if (!segment.isEmpty()) {
            StoredRecords.insert(sql, segment.done());
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
        distance.added(transaction, head, seq - before.seq());
    }
}
