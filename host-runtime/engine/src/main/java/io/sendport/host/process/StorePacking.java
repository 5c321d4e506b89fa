package io.sendport.host.process;

import io.sendport.config.AuditLedgerSettings;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.verify.Packing;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Packs the records of earlier versions into segments at once. Hosts do it by and by, but not where they have no right to delete
 * rows of the ledger.
 */
public final class StorePacking {

    private static final Duration TURN = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 100;
    private static final long STRIDE = 100_000;

    private final MessageBoxSettings settings;
    private final AuditLedgerSettings ledger;
    private final Consumer<String> progress;

    /**
     * For the store that {@code settings} name.
     *
     * @param ledger where its statements are
     * @param progress receives a sentence now and then
     */
    public StorePacking(MessageBoxSettings settings, AuditLedgerSettings ledger, Consumer<String> progress) {
        this.settings = settings;
        this.ledger = ledger;
        this.progress = progress;
    }

    /**
     * Packs all records that can be packed, while hosts run. Waits while the ledger is verified.
     *
     * @return how many; those from the first that does not hold stay as they are
     * @throws StoreException when the store cannot be written
     */
    public long run() {
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, Clock.systemUTC())) {
            Packing packing = new Packing(box.store(), Checkpoints.of(settings.place(), Optional.of(ledger)));
            long packed = 0;
            Packing.Result result;
            do {
                result = packing.run(TURN);
                if ((packed + result.packed()) / STRIDE > packed / STRIDE) {
                    progress.accept("packed " + (packed + result.packed()) + " records of earlier versions so far");
                }
                packed += result.packed();
                result.warning().ifPresent(progress);
                if (result.left() != Packing.Remaining.NONE) {
                    // Hosts that run need the store, too.
                    pause();
                }
            } while (result.left() != Packing.Remaining.NONE);
            return packed;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while packing the ledger; run the command again", e);
        }
    }
}
