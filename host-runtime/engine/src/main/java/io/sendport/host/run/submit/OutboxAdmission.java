package io.sendport.host.run.submit;

import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.host.box.JointWrite;
import io.sendport.host.box.KeyTakenException;
import io.sendport.host.box.NewMessage;
import io.sendport.host.box.outbox.Outbox;
import io.sendport.host.box.outbox.OutboxChangedException;
import io.sendport.host.box.outbox.StoredSubmission;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.Transaction;
import io.sendport.support.Failures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits submissions from the outbox. One transaction stores the message with its ledger record and removes the submission from the outbox.
 * A submission that can never be admitted is refused and stays in the outbox. A submission whose port has no room now waits, and
 * submissions for other ports continue. Not thread-safe.
 */
public final class OutboxAdmission implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxAdmission.class);

    private final SubmissionService submissionService;
    private final Outbox outbox;
    private final String owner;
    private final Duration lease;

    /**
     * Admits as {@code owner}. Only one process admits at a time.
     *
     * @param lease the time after which another process takes over from a process that died
     */
    public OutboxAdmission(SubmissionService submissionService, Outbox outbox, String owner, Duration lease) {
        this.submissionService = submissionService;
        this.outbox = outbox;
        this.owner = owner;
        this.lease = lease;
    }

    /**
     * Admits all waiting submissions, if this process has or gets the lease.
     *
     * @throws StoreException when the store is unavailable; the remaining submissions wait
     */
    public void admit() {
        Set<String> fullPorts = new HashSet<>();
        long after = 0;
        try {
            while (outbox.lease(owner, lease)) {
                List<StoredSubmission> page = outbox.waiting(after, fullPorts);
                if (page.isEmpty()) {
                    return;
                }
                admit(page, fullPorts);
                after = page.get(page.size() - 1).no();
            }
        } catch (OutboxChangedException e) {
            LOG.debug("The outbox changed meanwhile; the next run reads it again", e);
        }
    }

    /** Releases the lease, so that another process can admit at once. */
    @Override
    public void close() {
        try {
            outbox.release(owner);
        } catch (StoreException e) {
            LOG.warn(
                    "Cannot release the lease of the outbox: {}. Another process can admit submissions when the lease ends,"
                            + " within {} s. Nothing needs to be done.",
                    e.getMessage(),
                    lease.toSeconds());
        }
    }

    /** A submission that is ready to be admitted, with the messages that it becomes. */
    private record Ready(StoredSubmission stored, List<NewMessage> messages) {}

    private void admit(List<StoredSubmission> page, Set<String> fullPorts) {
        List<Ready> ready = new ArrayList<>();
        for (StoredSubmission each : page) {
            if (fullPorts.contains(each.port())) {
                continue;
            }
            try {
                ready.add(new Ready(each, submissionService.messagesFor(StoredContent.submission(each), each.id())));
            } catch (NotNowException e) {
                fullPorts.add(each.port());
            } catch (SubmissionRefusedException e) {
                refuse(each, String.valueOf(e.getMessage()));
            } catch (StoreException e) {
                throw e;
            } catch (RuntimeException e) {
                refuse(each, Failures.reason(e));
            }
        }
        if (!ready.isEmpty()) {
            store(ready);
        }
    }

    /** Stores all messages in one commit. If one submission has an error, stores the messages of each submission separately. */
    private void store(List<Ready> ready) {
        List<NewMessage> messages = new ArrayList<>();
        ready.forEach(each -> messages.addAll(each.messages()));
        try {
            submissionService.store(messages, jointWrite(ready));
        } catch (OutboxChangedException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (e instanceof StoreException failure && !Outbox.rejectsValues(failure)) {
                throw failure;
            }
            if (ready.size() > 1) {
                ready.forEach(each -> store(List.of(each)));
            } else {
                refuse(
                        ready.get(0).stored(),
                        e instanceof KeyTakenException ? String.valueOf(e.getMessage()) : Failures.reason(e));
            }
        }
    }

    private JointWrite jointWrite(List<Ready> ready) {
        return new JointWrite() {
            @Override
            public void before(Transaction transaction) {
                Outbox.take(
                        transaction, owner, ready.stream().map(Ready::stored).toList());
            }

            @Override
            public void after(Transaction transaction, List<Receipt> receipts) {
                int first = 0;
                for (Ready each : ready) {
                    Receipt receipt = receipts.get(first);
                    if (receipt.duplicate()) {
                        outbox.noteDuplicate(transaction, each.stored().id(), receipt.id());
                    }
                    first += each.messages().size();
                }
            }
        };
    }

    private void refuse(StoredSubmission refused, String why) {
        LOG.warn(
                "Submission {} of role {} for port {} was refused and stays in the outbox: {}. Correct the cause and set"
                        + " refusal of its row to NULL, or delete the row: docs/outbox.md",
                refused.id(),
                refused.submittedBy(),
                refused.port(),
                why);
        outbox.refuse(refused, why);
    }
}
