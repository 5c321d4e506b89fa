package io.sendport.host.box.control;

import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** The host instances that run, and those that have ended. */
public final class Instances {

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;

    private final Duration lease;
    private final FutureLeases ahead;

    /** @param lease how long an instance counts as alive without a renewal */
    public Instances(Store store, Ledger ledger, Clock clock, Duration lease) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
        this.lease = lease;
        this.ahead = new FutureLeases(lease, System::nanoTime);
    }

    /** How long an instance counts as alive without a renewal of its lease. During this time its claims are valid. */
    public Duration lease() {
        return lease;
    }

    /**
     * An instance that has not ended in an orderly way.
     *
     * @param id its id, {@code host@machine-pid-random}
     * @param host its host
     * @param startedAt when it started
     * @param seenAt when it last renewed its lease
     */
    public record Instance(String id, String host, Instant startedAt, Instant seenAt) {}

    /** Whether an instance with the id {@code id} runs or has ended. */
    public boolean isKnown(String id) {
        return store.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM instance WHERE id = ?)")
                .bind(0, id)
                .mapTo(Boolean.class)
                .one());
    }

    /** Records that an instance starts. */
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
     * Renews the lease of an instance, and thus the lease on all its claims.
     *
     * @return whether the instance counts as alive; if not, other instances take over its messages
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

    /** Records that an instance ended; {@code how} describes the end. */
    public void stopped(String id, String host, String how) {
        store.change(transaction -> stopped(transaction, id, host, how, Long.MAX_VALUE));
    }

    /**
     * Declares dead the instances that have not renewed their lease in time. Other instances can then take over their messages.
     *
     * @param own the instances of the caller, which are alive
     * @return the ids of the instances that were declared dead
     */
    public List<String> declareLapsedDead(Set<String> own) {
        List<Instance> others =
                open().stream().filter(each -> !own.contains(each.id())).toList();
        List<String> dead = new ArrayList<>(declareDead(
                others.stream().filter(each -> !isAlive(each)).toList(),
                "not seen for " + lease,
                each -> clock.millis() - lease.toMillis()));
        dead.addAll(declareDead(
                ahead.lapsed(others, clock.instant()),
                "last seen in the future, and not again for " + lease,
                each -> each.seenAt().toEpochMilli()));
        return dead;
    }

    /** Declares all instances dead, even recently seen ones. Call this only when none of them can be running. */
    public List<String> markAllStopped() {
        return declareDead(open(), "found dead at the next start", each -> Long.MAX_VALUE);
    }

    /** Declares instances dead, except those that have renewed their lease after {@code seenUntil}. */
    private List<String> declareDead(List<Instance> dead, String how, ToLongFunction<Instance> seenUntil) {
        return dead.stream()
                .filter(each -> store.write(
                        transaction -> stopped(transaction, each.id(), each.host(), how, seenUntil.applyAsLong(each))))
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

    /** The instances that have renewed their lease in time, longest running first. Omits those whose process has certainly ended. */
    public List<Instance> alive() {
        return alive(open());
    }

    /** The instances among {@code open} that are alive, as {@link #alive()} finds them. Saves a second query with a different result. */
    public List<Instance> alive(List<Instance> open) {
        return open.isEmpty() || store.isOwnerGone()
                ? List.of()
                : open.stream().filter(this::isAlive).toList();
    }

    private boolean isAlive(Instance each) {
        return Duration.between(each.seenAt(), clock.instant()).compareTo(lease) < 0;
    }

    /** The instances that have started and not ended, longest running first. */
    public List<Instance> open() {
        return store.readWithShortTimeout(
                handle -> handle.createQuery("SELECT * FROM instance WHERE stopped_at IS NULL ORDER BY started_at, id")
                        .map((row, context) -> new Instance(
                                row.getString("id"),
                                row.getString("host"),
                                Instant.ofEpochMilli(row.getLong("started_at")),
                                Instant.ofEpochMilli(row.getLong("seen_at"))))
                        .list());
    }
}
