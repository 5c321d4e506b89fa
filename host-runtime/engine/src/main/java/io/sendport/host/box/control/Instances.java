package io.sendport.host.box.control;

import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Which host instances there are and were. */
public final class Instances {

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;

    private final Duration lease;

    public Instances(Store store, Ledger ledger, Clock clock, Duration lease) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
        this.lease = lease;
    }

    /** How long an instance counts as living without showing that it does; for so long what it claimed is its own. */
    public Duration lease() {
        return lease;
    }

    /**
     * An instance that has not said goodbye.
     *
     * @param id its name, {@code host@machine-pid-random}
     * @param host its host
     * @param startedAt when it began
     * @param seenAt when it last showed that it lives
     */
    public record Instance(String id, String host, Instant startedAt, Instant seenAt) {}

    /** Whether there is or was an instance of that name. */
    public boolean isKnown(String id) {
        return store.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM instance WHERE id = ?)")
                .bind(0, id)
                .mapTo(Boolean.class)
                .one());
    }

    /** Records that an instance begins. */
    public void started(String id, String host) {
        store.change(transaction -> {
            transaction.requireNewWork();
            long now = clock.millis();
            transaction
                    .handle()
                    .execute(
                            "INSERT INTO instance (id, host, started_at, seen_at, program) VALUES (?, ?, ?, ?, ?)",
                            id,
                            host,
                            now,
                            now,
                            Store.PROGRAM);
            ledger.append(transaction, Entry.of(Kind.INSTANCE_STARTED).by(host, id));
        });
    }

    /**
     * Shows that an instance lives, and so extends the lease on all it claimed.
     *
     * @return whether it counts as living; where not, others have taken over what it had in hand
     */
    public boolean renew(String id) {
        return store.write(transaction -> transaction
                        .handle()
                        .execute(
                                "UPDATE instance SET seen_at = ? WHERE id = ? AND stopped_at IS NULL",
                                clock.millis(),
                                id)
                == 1);
    }

    /** Records that an instance ended. */
    public void stopped(String id, String host, String how) {
        store.change(transaction -> stopped(transaction, id, host, how, Long.MAX_VALUE));
    }

    /**
     * Records that those are dead which have not shown for a lease that they live; what they had in hand is free from then on.
     *
     * @param own who asks, and therefore lives
     * @return their names
     */
    public List<String> buryLapsed(Set<String> own) {
        List<Instance> lapsed = open().stream()
                .filter(each -> !isAlive(each) && !own.contains(each.id()))
                .toList();
        return bury(lapsed, "not seen for " + lease, true);
    }

    /** As {@link #buryLapsed}, and those too that were seen lately: only for who knows that none of them runs. */
    public List<String> markAllStopped() {
        return bury(open(), "found dead at the next start", false);
    }

    private List<String> bury(List<Instance> dead, String how, boolean onlyLapsed) {
        return dead.stream()
                .filter(each -> store.write(transaction -> stopped(
                        transaction,
                        each.id(),
                        each.host(),
                        how,
                        onlyLapsed ? clock.millis() - lease.toMillis() : Long.MAX_VALUE)))
                .map(Instance::id)
                .toList();
    }

    private boolean stopped(Transaction transaction, String id, String host, String how, long seenUntil) {
        int changed = transaction
                .handle()
                .execute(
                        "UPDATE instance SET stopped_at = ? WHERE id = ? AND stopped_at IS NULL AND seen_at <= ?",
                        clock.millis(),
                        id,
                        seenUntil);
        if (changed == 1) {
            Reports.withdraw(transaction, id);
            ledger.append(
                    transaction, Entry.of(Kind.INSTANCE_STOPPED).by(host, id).detail("detail", how));
        }
        return changed == 1;
    }

    /** Those that showed within a lease that they live, the longest running first; none where their process has surely ended. */
    public List<Instance> alive() {
        List<Instance> open = open();
        return open.isEmpty() || store.isOwnerGone()
                ? List.of()
                : open.stream().filter(this::isAlive).toList();
    }

    private boolean isAlive(Instance each) {
        return Duration.between(each.seenAt(), clock.instant()).compareTo(lease) < 0;
    }

    /** Those that began and did not end. */
    public List<Instance> open() {
        return store.glance(
                handle -> handle.createQuery("SELECT * FROM instance WHERE stopped_at IS NULL ORDER BY started_at, id")
                        .map((row, context) -> new Instance(
                                row.getString("id"),
                                row.getString("host"),
                                Instant.ofEpochMilli(row.getLong("started_at")),
                                Instant.ofEpochMilli(row.getLong("seen_at"))))
                        .list());
    }
}
