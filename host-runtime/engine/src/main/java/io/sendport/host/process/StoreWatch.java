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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Detects what ends a process or keeps it from sending: an unwritable store, a newer program, lost commits. */
final class StoreWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    private final MessageBox box;
    private final LedgerMaintenance ledgerMaintenance;
    private final Optional<LastCommits> lastCommits;
    private final AtomicReference<@Nullable ShutdownReason> ending = new AtomicReference<>();
    private Optional<String> declared = Optional.empty();
    private Optional<ServerIdentity> server = Optional.empty();
    private volatile String absence = "";

    /**
     * Watches {@code box}.
     *
     * @param lastCommits commits of this machine's processes; empty for a store with a single process
     */
    StoreWatch(MessageBox box, LedgerMaintenance ledgerMaintenance, Optional<LastCommits> lastCommits) {
        this.box = box;
        this.ledgerMaintenance = ledgerMaintenance;
        this.lastCommits = lastCommits;
    }

    /**
     * Checks at the start that signed records and commits noted on this machine still exist.
     *
     * @throws IOException when the notes cannot be read
     */
    synchronized void start() throws IOException {
        if (lastCommits.isEmpty()) {
            ledgerMaintenance.logLost();
            return;
        }
        LastCommits noted = lastCommits.get();
        // Connects every writer.
        box.store().lookForLosses();
        Optional<ServerIdentity> now = box.store().server();
        Optional<String> lost = ledgerMaintenance.lost();
        if (lost.isEmpty()) {
            lost = noted.lost(box.ledger(), now);
        }
        noteServer(now);
        lost.or(() -> box.losses().declared()).ifPresent(this::declare);
        // The loss is declared in the store and need not be found here again.
        noted.forgetEnded();
    }

    private void noteServer(Optional<ServerIdentity> now) {
        server = now;
        lastCommits.ifPresent(noted -> now.ifPresent(noted::note));
    }

    /**
     * Checks the state that the last write read, and whether another server took over.
     *
     * @return whether a loss was accepted since the last call, so that what this machine signed last is out of date
     */
    synchronized boolean look() {
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
            // Writers that have no reason to write now would not see their own loss.
            box.store().lookForLosses();
            ledgerMaintenance.lost().ifPresent(this::declare);
            noteServer(now);
        }
        return wasDeclared && declared.isEmpty();
    }

    /** Why this process cannot continue; empty while it can. */
    Optional<ShutdownReason> ending() {
        return Optional.ofNullable(ending.get());
    }

    /** Why nothing is sent since commits were lost; may be empty. */
    String fault() {
        return box.store()
                .state()
                .lost()
                .map(what -> "the database lost acknowledged commits; nothing is sent: " + what
                        + "; compare with the relay's log, then run `sendport store accept-loss`")
                .orElse("");
    }

    /** Called when a task waits for the store. */
    void isAway(StoreException e) {
        if (absence.isEmpty()) {
            LOG.warn("Waiting for the message box: {}", e.getMessage());
        }
        absence = String.valueOf(e.getMessage());
    }

    /** Called when the store has answered. */
    void isBack() {
        absence = "";
    }

    /** Why the store is unavailable; empty while it answers. */
    String absence() {
        return absence;
    }

    private void end(ShutdownReason.Kind kind, String why) {
        if (ending.compareAndSet(null, new ShutdownReason(kind, why))) {
            LOG.error("This process ends: {}", why);
        }
    }

    /** The lanes that must end. A loss is declared even when the statements about the ledger cannot be read. */
    private Lane.Losing losing() {
        try {
            return ledgerMaintenance.losing();
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error(
                    "Cannot read which records of the ledger were signed, so its lanes go on; `sendport audit verify` will name"
                            + " the lost ones",
                    e);
            return Lane.Losing.NONE;
        }
    }

    private void declare(String what) {
        LOG.error("The message box lost acknowledged commits: {}", what);
        int doubtful = box.losses().declare(what, losing());
        LOG.error(
                "Open messages that are now in doubt: {}. It is unknown whether they were sent. Nothing is sent until an operator compares"
                        + " them with the relay's log and runs: sendport store accept-loss --reason TEXT",
                doubtful);
        // Use the text in the store: another instance may have declared the loss before, in different words.
        declared = box.losses().declared();
    }
}
