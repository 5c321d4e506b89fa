package io.sendport.host.process;

import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.Lane;
import io.sendport.host.process.files.LastCommits;
import io.sendport.host.store.commit.ServerIdentity;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.StoreState;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects conditions of the store that stop a process or its sending: it cannot be written, a newer program upgrades it, or it lost
 * commits. Safe for use by several threads.
 */
final class StoreWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    private final MessageBox box;
    private final LedgerMaintenance ledgerMaintenance;
    private final Optional<LastCommits> lastCommits;
    private final AtomicReference<@Nullable ShutdownReason> ending = new AtomicReference<>();
    private Optional<String> declared = Optional.empty();
    private Optional<ServerIdentity> server = Optional.empty();
    private volatile String unavailableReason = "";

    /**
     * Watches {@code box}.
     *
     * @param lastCommits the last commits of the processes on this machine; empty for a store with a single process
     */
    StoreWatch(MessageBox box, LedgerMaintenance ledgerMaintenance, Optional<LastCommits> lastCommits) {
        this.box = box;
        this.ledgerMaintenance = ledgerMaintenance;
        this.lastCommits = lastCommits;
    }

    /**
     * Checks at the start that the store still has the signed records and the last commits of this machine. Declares a loss.
     *
     * @throws IOException when the files of the last commits cannot be read
     */
    synchronized void start() throws IOException {
        if (lastCommits.isEmpty()) {
            ledgerMaintenance.logLost();
            return;
        }
        LastCommits noted = lastCommits.get();
        // This connects every writer.
        box.store().lookForLosses();
        Optional<ServerIdentity> now = box.store().server();
        Optional<String> lost = ledgerMaintenance.lost();
        if (lost.isEmpty()) {
            lost = noted.lost(box.ledger(), now);
        }
        recordServer(now);
        if (!declareIfMoved(now)) {
            lost.or(() -> box.losses().declared()).ifPresent(this::declare);
        }
        // A loss is declared in the store by now, so this machine need not find it again.
        noted.forgetEnded();
    }

    private void recordServer(Optional<ServerIdentity> now) {
        server = now;
        lastCommits.ifPresent(noted -> now.ifPresent(noted::note));
    }

    /**
     * Checks the store state that the last write read, and whether another database server took over. Declares a loss.
     *
     * @return whether a loss was accepted since the last call, so that the ledger needs a new checkpoint
     */
    synchronized boolean check() {
        boolean wasDeclared = declared.isPresent();
        box.store().fault().ifPresent(why -> end(ShutdownReason.Kind.BROKEN, why));
        StoreState state = box.store().state();
        state.refusesNewWork().ifPresent(why -> end(ShutdownReason.Kind.UPGRADED, String.valueOf(why.getMessage())));
        if (state.lost().isEmpty()) {
            declared = Optional.empty();
        } else if (!state.lost().equals(declared)) {
            declare(state.lost().get());
        }
        Optional<ServerIdentity> now = box.store().server();
        if (!now.equals(server)) {
            // A writer detects its loss only when it writes, so check all writers.
            box.store().lookForLosses();
            if (!declareIfMoved(now)) {
                ledgerMaintenance.lost().ifPresent(this::declare);
            }
            recordServer(now);
        }
        return wasDeclared && declared.isEmpty();
    }

    /** Why this process cannot continue; empty while it can. */
    Optional<ShutdownReason> ending() {
        return Optional.ofNullable(ending.get());
    }

    /** The declared loss of commits, which stops sending, and the next step; empty when there is none. */
    String fault() {
        return box.store()
                .state()
                .lost()
                .map(what -> "the database lost acknowledged commits; nothing is sent: " + what
                        + "; compare with the relay's log, then run `sendport store accept-loss`")
                .orElse("");
    }

    /** Records that the store is unavailable. Logs the first failure. */
    void markUnavailable(StoreException e) {
        if (unavailableReason.isEmpty()) {
            LOG.warn("The message box is unavailable: {}", e.getMessage());
        }
        unavailableReason = String.valueOf(e.getMessage());
    }

    /** Records that the store has answered. Logs the end of an outage. */
    void markAvailable() {
        if (!unavailableReason.isEmpty()) {
            LOG.info("The message box is available again");
        }
        unavailableReason = "";
    }

    /** Why the store is unavailable; empty while it answers. */
    String unavailableReason() {
        return unavailableReason;
    }

    private void end(ShutdownReason.Kind kind, String why) {
        if (ending.compareAndSet(null, new ShutdownReason(kind, why))) {
            LOG.error("This process ends: {}", why);
        }
    }

    /** Declares a loss if the store is on another server than before. Returns false also when a loss is declared already. */
    private boolean declareIfMoved(Optional<ServerIdentity> now) {
        if (box.losses().declared().isPresent()) {
            return false;
        }
        Optional<String> moved = now.flatMap(box.losses()::compareServer);
        moved.ifPresent(what -> declare(what, losing(ledgerMaintenance::losingAll)));
        return moved.isPresent();
    }

    /** The lanes that must end. A loss is declared even when the statements about the ledger cannot be read. */
    private static Lane.Losing losing(Supplier<Lane.Losing> read) {
        try {
            return read.get();
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error(
                    "Cannot read which records of the ledger were signed, so its lanes continue. `sendport audit verify` will name"
                            + " the lost records",
                    e);
            return Lane.Losing.NONE;
        }
    }

    private void declare(String what) {
        declare(what, losing(ledgerMaintenance::losing));
    }

    private void declare(String what, Lane.Losing losing) {
        LOG.error("The message box lost acknowledged commits: {}", what);
        int doubtful = box.losses().declare(what, losing);
        LOG.error(
                "Open messages that are now in doubt: {}. It is unknown whether they were sent. Nothing is sent until an operator compares"
                        + " them with the relay's log and runs: sendport store accept-loss --reason TEXT",
                doubtful);
        // Use the text in the store: another instance may have declared the loss before, in different words.
        declared = box.losses().declared();
    }
}
