package io.sendport.host.process;

import io.sendport.host.box.MessageBox;
import io.sendport.host.process.files.LastCommits;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.StoreState;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches for what ends a process, or keeps it from sending: a store that can't be written, a newer program, commits that are lost. */
final class StoreWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    private final MessageBox box;
    private final LedgerCare ledgerCare;
    private final Optional<LastCommits> lastCommits;
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
    private Optional<String> declared = Optional.empty();
    private volatile String absence = "";

    /**
     * Watches {@code box}.
     *
     * @param lastCommits what processes of this machine committed; empty for a store that they have for themselves
     */
    StoreWatch(MessageBox box, LedgerCare ledgerCare, Optional<LastCommits> lastCommits) {
        this.box = box;
        this.ledgerCare = ledgerCare;
        this.lastCommits = lastCommits;
    }

    /**
     * For the start: what was signed, or noted on this machine as committed, must be there.
     *
     * @throws IOException when the notes can't be read
     */
    synchronized void start() throws IOException {
        if (lastCommits.isEmpty()) {
            ledgerCare.tellLost();
            return;
        }
        LastCommits noted = lastCommits.get();
        Optional<String> lost = ledgerCare.lost();
        if (lost.isEmpty()) {
            lost = noted.lost(box.ledger());
        }
        lost.or(() -> box.losses().declared()).ifPresent(this::declare);
        // Declared in the store, it need not be found here again.
        noted.forgetEnded();
    }

    /** Looks at what the last write found. */
    synchronized void look() {
        box.store().fault().ifPresent(why -> end(Ending.Kind.BROKEN, why));
        StoreState state = box.store().state();
        state.refusesNewWork().ifPresent(why -> end(Ending.Kind.UPGRADED, String.valueOf(why.getMessage())));
        if (state.lost().isEmpty()) {
            declared = Optional.empty();
        } else if (!state.lost().equals(declared)) {
            declare(state.lost().get());
        }
    }

    /** Why this process can't go on; empty while it can. */
    Optional<Ending> ending() {
        return Optional.ofNullable(ending.get());
    }

    /** Why nothing is sent since commits were lost; may be empty. */
    String fault() {
        return box.store()
                .state()
                .lost()
                .map(what -> "the database lost what it had acknowledged, nothing is claimed: " + what
                        + "; see `sendport store accept-loss`")
                .orElse("");
    }

    /** A task waits for the store. */
    void isAway(StoreException e) {
        if (absence.isEmpty()) {
            LOG.warn("Waiting for the message box: {}", e.getMessage());
        }
        absence = String.valueOf(e.getMessage());
    }

    /** The store answered. */
    void isBack() {
        absence = "";
    }

    /** Why the store is out of reach; empty while it answers. */
    String absence() {
        return absence;
    }

    private void end(Ending.Kind kind, String why) {
        if (ending.compareAndSet(null, new Ending(kind, why))) {
            LOG.error("This process ends: {}", why);
        }
    }

    private void declare(String what) {
        LOG.error("The message box lost what it had acknowledged: {}", what);
        int doubtful = box.losses().declare(what);
        LOG.error("{} messages that are open may have been sent; they are in doubt. Nothing is claimed.", doubtful);
        // As the store calls it: another instance may have declared it before, in its own words.
        declared = box.losses().declared();
    }
}
