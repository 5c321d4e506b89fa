package io.sendport.host.box;

import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Which host instances there are and were. */
public final class Instances {

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;

    Instances(Store store, Ledger ledger, Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
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

    /** Records that an instance begins. */
    public void started(String id, String host) {
        long now = clock.millis();
        store.change(transaction -> {
            transaction
                    .handle()
                    .execute(
                            "INSERT INTO instance (id, host, started_at, seen_at) VALUES (?, ?, ?, ?)",
                            id,
                            host,
                            now,
                            now);
            ledger.append(transaction, Entry.of(Kind.INSTANCE_STARTED).by(host, id));
        });
    }

    /** Records that an instance ended, of itself or found dead. */
    public void stopped(String id, String host, String how) {
        store.change(transaction -> {
            int changed = transaction
                    .handle()
                    .execute(
                            "UPDATE instance SET stopped_at = ? WHERE id = ? AND stopped_at IS NULL",
                            clock.millis(),
                            id);
            if (changed == 1) {
                ledger.append(
                        transaction,
                        Entry.of(Kind.INSTANCE_STOPPED).by(host, id).detail("detail", how));
            }
        });
    }

    /** Those that showed within a lease that they live. */
    public List<Instance> alive(Duration lease) {
        Instant now = clock.instant();
        return open().stream()
                .filter(each -> Duration.between(each.seenAt(), now).compareTo(lease) < 0)
                .toList();
    }

    /** Those that began and did not end. */
    public List<Instance> open() {
        return store.read(
                handle -> handle.createQuery("SELECT * FROM instance WHERE stopped_at IS NULL ORDER BY started_at")
                        .map((row, context) -> new Instance(
                                row.getString("id"),
                                row.getString("host"),
                                Instant.ofEpochMilli(row.getLong("started_at")),
                                Instant.ofEpochMilli(row.getLong("seen_at"))))
                        .list());
    }
}
