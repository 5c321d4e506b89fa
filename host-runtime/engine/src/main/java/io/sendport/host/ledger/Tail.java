package io.sendport.host.ledger;

import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The end of our lane within one transaction. Records are chained to it, and it is moved before the transaction commits. */
final class Tail implements Transaction.BeforeCommit {
    private final Lane lane;
    private final Clock clock;
    private final Function<Entry, Entry.PrivatePart> makePrivatePart;
    private final Sql sql;
    private final Ledger.Head before;
    private long seq;
    private String hash;

    /**
     * @param makePrivatePart creates the private part of an entry
     */
    Tail(Transaction transaction, Lane lane, Clock clock, Function<Entry, Entry.PrivatePart> makePrivatePart) {
        this.lane = lane;
        this.clock = clock;
        this.makePrivatePart = makePrivatePart;
        this.sql = transaction.sql();
        this.before = lane.take(transaction, clock.instant());
        this.seq = before.seq();
        this.hash = before.hash();
    }

    Ledger.Head append(Entry entry) {
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Entry.PrivatePart privatePart = entry.privatePart(makePrivatePart);
        Map<String, Object> header = new TreeMap<>(entry.header());
        header.put("lane", before.lane());
        header.put("seq", ++seq);
        header.put("at", at.toString());
        header.put("kind", entry.kind().name());
        header.put("prevHash", hash);
        header.put("private", privatePart.hash);
        String canonical = CanonicalJson.of(header);
        hash = Hashing.ofHeader(canonical);
        sql.change(
                "INSERT INTO audit_record (lane, seq, at, kind, port, message, step, mime_message_id, queue_id,"
                        + " header, hash, salt, private) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                before.lane(),
                seq,
                at.toEpochMilli(),
                entry.kind().name(),
                header.get("port"),
                header.get("message"),
                header.get("step"),
                privatePart.facts.get("mimeMessageId"),
                privatePart.facts.get("queueId"),
                canonical,
                hash,
                privatePart.salt,
                privatePart.json);
        SearchIndex.add(sql, before.lane(), seq, privatePart.facts);
        return new Ledger.Head(before.lane(), seq, hash);
    }

    @Override
    public void beforeCommit(Transaction transaction) {
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
    }
}
