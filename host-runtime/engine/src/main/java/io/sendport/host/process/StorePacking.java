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
 * Packs all records that earlier versions wrote into segments of the ledger. Hosts pack records in the background, unless their database
 * user may not delete rows of the ledger.
 */
public final class StorePacking {

    private static final Duration RUN_TIME = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 100;
    private static final long PROGRESS_RECORDS = 100_000;

    private final MessageBoxSettings settings;
    private final AuditLedgerSettings ledger;
    private final Consumer<String> progress;

    /**
     * Packs the records of the store that {@code settings} name.
     *
     * @param ledger names the folder of the signed statements
     * @param progress receives a sentence after each 100,000 records, and each warning
     */
    public StorePacking(MessageBoxSettings settings, AuditLedgerSettings ledger, Consumer<String> progress) {
        this.settings = settings;
        this.ledger = ledger;
        this.progress = progress;
    }

    /**
     * Packs all records that can be packed. Hosts may run meanwhile. Waits while the ledger is verified.
     *
     * @return the number of packed records; records from the first invalid record on stay as they are
     * @throws StoreException when the store cannot be written
     */
    public long run() {
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, Clock.systemUTC())) {
            Packing packing = new Packing(box.store(), Checkpoints.of(settings.place(), Optional.of(ledger)));
            long packed = 0;
            Packing.Result result;
            do {
                result = packing.run(RUN_TIME);
                if ((packed + result.packed()) / PROGRESS_RECORDS > packed / PROGRESS_RECORDS) {
                    progress.accept("packed " + (packed + result.packed()) + " records of earlier versions so far");
                }
                packed += result.packed();
                result.warning().ifPresent(progress);
                if (result.left() != Packing.Remaining.NONE) {
                    // Leave time for running hosts, which use the same store.
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
