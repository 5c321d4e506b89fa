package io.sendport.host.process;

import io.sendport.config.AuditLedgerSettings;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.LossStatements;
import io.sendport.host.ledger.checkpoint.Pruning;
import io.sendport.host.ledger.checkpoint.TimeStamps;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.ledger.verify.Packing;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the periodic work on the ledger: signs checkpoints, requests time stamps, deletes expired records and packs old records. */
final class LedgerMaintenance {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerMaintenance.class);

    /** How long one call packs records, once a second. */
    private static final Duration PACKING_TIME = Duration.ofMillis(250);

    /** How long expired records may stay, if only the owner of the tables may delete them, before this is a fault. */
    private static final Duration OWNER_GRACE_PERIOD = Duration.ofDays(14);

    private static final String RECORDS_NOT_DELETED =
            "records that expired more than two weeks ago (<retention audit>) were not deleted, because the database user of this"
                    + " host may not delete records of the ledger. Run `sendport audit prune` as the owner of the tables, with --user"
                    + " and --password-file";

    private final MessageBox box;
    private final Checkpoints checkpoints;
    private final TimeStamps timeStamps;
    private final AuditorCopies copies;
    private final Duration interval;
    private volatile String checkpointFault = "";
    private volatile String keyFault = "";
    private String trustedKey = "";
    private volatile String timeStampFault = "";
    private volatile String packingFault = "";
    private volatile String retentionFault = "";
    private final Packing packing;
    private boolean isPacked;
    private long packed;
    private volatile List<Ledger.Head> checkpointed;
    private volatile Optional<Instant> signedAt;

    /** Maintains the ledger of {@code box}, whose store is at {@code place}. */
    LedgerMaintenance(MessageBox box, Path place, AuditLedgerSettings settings) {
        this.box = box;
        this.checkpoints = Checkpoints.of(place, Optional.of(settings));
        this.checkpointed = checkpoints.newestHeads();
        this.signedAt = checkpoints.newestAt();
        this.timeStamps = TimeStamps.of(checkpoints);
        this.copies = AuditorCopies.of(place, settings);
        this.interval = settings.checkpointInterval();
        this.packing = new Packing(box.store(), checkpoints);
    }

    /** The lanes that lost signed records. */
    Lane.Losing losing() {
        return LossStatements.losing(box.ledger(), checkpoints);
    }

    /** Every lane: records that were signed may be missing together with their statements. */
    Lane.Losing losingAll() {
        return LossStatements.losingAll(box.ledger(), checkpoints);
    }

    AuditorCopies copies() {
        return copies;
    }

    /** Logs an error if signed records are missing. */
    void logLost() {
        lost().ifPresent(what -> LOG.error("{}; run `sendport audit verify`", what));
    }

    /** Which signed records are missing; empty when none are. */
    Optional<String> lost() {
        return checkpoints.lost(box.ledger());
    }

    /**
     * Signs a checkpoint at the first start, so that the ledger can be verified from then on. Also signs one if the last checkpoint is
     * older than the interval, because processes that end early would otherwise never sign.
     */
    void checkpointAtStart(HostInstance by) {
        boolean isFirst = checkpoints.isEmpty();
        Instant now = box.clock().instant();
        boolean isOverdue =
                signedAt.filter(at -> !now.isBefore(at.plus(interval))).isPresent();
        if (isFirst || isOverdue) {
            checkpoint(by);
        }
        if (isFirst) {
            logKey();
        }
    }

    private void logKey() {
        try {
            LOG.info(
                    "Key {} signs the checkpoints of the ledger. Note its fingerprint and give it to the auditor.",
                    checkpoints.fingerprint());
        } catch (IOException | GeneralSecurityException e) {
            checkpointFault = "the ledger's key cannot be read: " + e.getMessage();
            LOG.error(checkpointFault, e);
        }
    }

    /** Signs a checkpoint before the interval ends, if enough records were added since the last one. */
    void checkpointWhenDue(HostInstance by) {
        long signed = checkpointed.stream().mapToLong(Ledger.Head::seq).sum();
        if (box.ledger().count() - signed >= Ledger.TREE) {
            checkpoint(by);
        }
    }

    /** Signs a checkpoint on behalf of the instance {@code by}, if there are new records. */
    void checkpoint(HostInstance by) {
        checkpoint(by.name(), by.id());
    }

    /** As {@link #checkpoint(HostInstance)}, with the names of the host and the instance. */
    synchronized void checkpoint(String host, String instance) {
        // The record of a checkpoint alone does not need another checkpoint.
        List<Ledger.Head> heads = box.ledger().heads();
        if (!box.ledger().hasNewsSince(checkpointed)) {
            return;
        }
        Instant now = box.clock().instant();
        try {
            timeStamps.add(checkpoints.make(box.ledger(), now, host, instance));
            checkpointed = heads;
            signedAt = Optional.of(now);
            checkpointFault = "";
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            checkpointFault = "cannot sign a checkpoint: " + e.getMessage();
            LOG.error(checkpointFault, e);
        }
    }

    /**
     * Checks that signatures of the current key are trusted. They are not if the key replaced a lost key file. Reads all statements if the
     * key is new to this process, so neither the start nor the stop of a process waits for this check.
     */
    synchronized void checkKey() {
        try {
            String key = checkpoints.fingerprint();
            if (!key.equals(trustedKey)) {
                List<Long> lanes = box.ledger().heads().stream()
                        .filter(head -> head.seq() > 0)
                        .map(Ledger.Head::lane)
                        .toList();
                keyFault = checkpoints
                        .evaluatedStatements()
                        .untrusted(key, lanes)
                        .map(lane -> "this machine signs with key " + key
                                + ", but another key signed earlier records. The signatures of this machine therefore do"
                                + " not count for all records. If the other key was the key of this machine, put its file back"
                                + " (*.ledger-key.pem beside the message box, or checkpointKey). If it is the key of another machine,"
                                + " list the keys of all machines in trustedKeys of <auditLedger>; `sendport audit verify` prints them."
                                + " Then restart `sendport run`")
                        .orElse("");
                trustedKey = keyFault.isEmpty() ? key : "";
            }
        } catch (IOException | GeneralSecurityException e) {
            keyFault = "the ledger's key cannot be read: " + e.getMessage();
            LOG.error(keyFault, e);
        }
    }

    /** Requests time stamps for checkpoints from {@code server}. Checkpoints wait while the server is unavailable. */
    void stamp(URI server) {
        try {
            timeStamps.stamp(server);
            timeStampFault = "";
        } catch (IOException | RuntimeException e) {
            timeStampFault = "checkpoints wait for a time stamp: " + e.getMessage();
            LOG.warn("{}; will retry", timeStampFault);
        }
    }

    /**
     * Deletes records and auditors' copies that are older than {@code limit}, on behalf of the instance {@code by}.
     *
     * @throws IOException when something cannot be deleted; the next run retries it
     * @throws GeneralSecurityException when the deletion cannot be signed; the next run retries it
     */
    void prune(Instant limit, HostInstance by) throws IOException, GeneralSecurityException {
        Instant now = box.clock().instant();
        long pruned = pruneRecords(limit, now, by);
        int copied = copies.prune(limit);
        if (pruned + copied > 0) {
            LOG.info(
                    "deleted {} ledger records and {} auditors' copies whose retention period is over", pruned, copied);
        }
    }

    private long pruneRecords(Instant limit, Instant now, HostInstance by)
            throws IOException, GeneralSecurityException {
        Pruning pruning = new Pruning(box.store(), box.ledger(), checkpoints);
        if (pruning.isAllowed()) {
            retentionFault = "";
            return pruning.run(limit, now, entry -> entry.by(by.name(), by.id()));
        }
        retentionFault = pruning.isDue(limit.minus(OWNER_GRACE_PERIOD)) ? RECORDS_NOT_DELETED : "";
        return 0;
    }

    /** Clears a fault of {@link #prune}. Another process deletes the records now, and reports its own faults. */
    void leaveRetentionToOthers() {
        retentionFault = "";
    }

    /** Packs some records of earlier versions, while there are any and {@code isOurs} says that this process must pack them. */
    void pack(BooleanSupplier isOurs) {
        if (isPacked) {
            return;
        }
        isPacked = !packing.hasWork();
        if (isPacked && packed > 0) {
            LOG.info("packed {} records of an earlier version into segments of the ledger", packed);
        }
        if (isPacked || !isOurs.getAsBoolean()) {
            return;
        }
        try {
            Packing.Result result = packing.run(PACKING_TIME);
            packed += result.packed();
            result.warning().ifPresent(warning -> {
                packingFault = warning;
                LOG.error(warning);
            });
        } catch (StoreException e) {
            if (e.reason() != StoreException.Reason.FORBIDDEN) {
                throw e;
            }
            isPacked = true;
            LOG.info(
                    "records of an earlier version stay as they are until `sendport store migrate` packs them: {}",
                    e.getMessage());
        }
    }

    /** Why records of an earlier version are not packed, or expired records not deleted; empty when there is no problem. */
    String recordsFault() {
        return packingFault.isEmpty() ? retentionFault : packingFault;
    }

    /** When the newest checkpoint was signed; empty before the first. */
    Optional<Instant> signedAt() {
        return signedAt;
    }

    /** Why the ledger cannot be signed; empty while it can. */
    String checkpointFault() {
        return checkpointFault.isEmpty() ? keyFault : checkpointFault;
    }

    /** Why checkpoints wait for a time stamp; empty while none waits because of a failure. */
    String timeStampFault() {
        return timeStampFault;
    }
}
