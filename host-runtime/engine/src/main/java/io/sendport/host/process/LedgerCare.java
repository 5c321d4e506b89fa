package io.sendport.host.process;

import io.sendport.config.AuditLedgerSettings;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.Pruning;
import io.sendport.host.ledger.checkpoint.TimeStamps;
import io.sendport.host.ledger.privacy.AuditorCopies;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the ledger needs at intervals: signed checkpoints, time stamps on them, and the end of what has served its time. */
final class LedgerCare {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerCare.class);

    private final MessageBox box;
    private final Checkpoints checkpoints;
    private final TimeStamps timeStamps;
    private final AuditorCopies copies;
    private volatile String checkpointFault = "";
    private volatile String timeStampFault = "";
    private volatile List<Ledger.Head> checkpointed;

    /** For the ledger of {@code box}, whose store is at {@code place}. */
    LedgerCare(MessageBox box, Path place, AuditLedgerSettings settings) {
        this.box = box;
        this.checkpoints = Checkpoints.of(place, Optional.of(settings));
        this.checkpointed = checkpoints.newestHeads();
        this.timeStamps = TimeStamps.of(checkpoints);
        this.copies = AuditorCopies.of(place, settings);
    }

    AuditorCopies copies() {
        return copies;
    }

    /** Logs it where records that were signed are gone. */
    void tellLost() {
        lost().ifPresent(what -> LOG.error("{}; see `sendport audit verify`", what));
    }

    /** Which records that were signed are gone; empty when none are. */
    Optional<String> lost() {
        return checkpoints.lost(box.ledger());
    }

    /** At the first start of all the ledger is signed at once, so that a verification says something from then on. */
    void firstCheckpoint(HostInstance by) {
        if (!checkpoints.isEmpty()) {
            return;
        }
        checkpoint(by);
        try {
            LOG.info(
                    "Key {} signs the checkpoints of the ledger. Write its fingerprint down and give it to the auditor.",
                    checkpoints.fingerprint());
        } catch (IOException | GeneralSecurityException e) {
            checkpointFault = "the ledger's key cannot be read: " + e.getMessage();
            LOG.error(checkpointFault, e);
        }
    }

    /** Whether so many records came since the last checkpoint that the next one is due before its time. */
    boolean isDueByCount() {
        long signed = checkpointed.stream().mapToLong(Ledger.Head::seq).sum();
        return box.ledger().count() - signed >= Ledger.TREE;
    }

    /** Signs a checkpoint on behalf of an instance, where there is anything new. */
    synchronized void checkpoint(HostInstance by) {
        // The record of a checkpoint is not worth another.
        List<Ledger.Head> heads = box.ledger().heads();
        if (!box.ledger().hasNewsSince(checkpointed)) {
            return;
        }
        Instant now = box.clock().instant();
        try {
            timeStamps.add(checkpoints.make(box.ledger(), now, by.name(), by.id()));
            checkpointed = heads;
            checkpointFault = "";
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            checkpointFault = "no checkpoint could be made: " + e.getMessage();
            LOG.error(checkpointFault, e);
        }
    }

    /** Has checkpoints stamped; those of a time when the server is away wait. */
    void stamp(URI server) {
        try {
            timeStamps.stamp(server);
            timeStampFault = "";
        } catch (IOException | RuntimeException e) {
            timeStampFault = "checkpoints wait for a time stamp: " + e.getMessage();
            LOG.warn("{}; they are tried again", timeStampFault);
        }
    }

    /**
     * Deletes records and auditors' copies that are older than {@code limit}.
     *
     * @throws IOException when something can't be deleted, or that can't be signed; tried again in the next round
     */
    void prune(Instant limit, HostInstance by) throws IOException, GeneralSecurityException {
        Instant now = box.clock().instant();
        long pruned = new Pruning(box.store(), box.ledger(), checkpoints).run(limit, now, by.name(), by.id());
        int copied = copies.prune(limit);
        if (pruned + copied > 0) {
            LOG.info(
                    "{} records of the ledger and {} auditors' copies deleted: they have served their time",
                    pruned,
                    copied);
        }
    }

    /** Why the ledger can't be signed; empty while it can. */
    String checkpointFault() {
        return checkpointFault;
    }

    /** Why checkpoints wait for a time stamp; empty while none does. */
    String timeStampFault() {
        return timeStampFault;
    }
}
