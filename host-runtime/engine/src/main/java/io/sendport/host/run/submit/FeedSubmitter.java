package io.sendport.host.run.submit;

import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.api.submit.Submitter;
import io.sendport.config.Routing;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.commit.StoreException;
import io.sendport.support.Sha256;
import io.sendport.support.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Submits for feeds, and records permanent refusals on the ledger. Records the refusal of a message with a dedupe key once, however often
 * the source delivers the message again. Safe for use by several threads.
 */
public final class FeedSubmitter implements Submitter {

    private static final int MAX_REMEMBERED = 10_000;
    private static final int MAX_LENGTH = 1_000;

    private final SubmissionService submissionService;
    private final Ledger ledger;
    /** The digests of the newest refusals on the ledger. */
    private final Set<String> recorded = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    }));

    FeedSubmitter(SubmissionService submissionService, Ledger ledger) {
        this.submissionService = submissionService;
        this.ledger = ledger;
    }

    @Override
    public Receipt submit(Submission submission) {
        return publish(submission).get(0);
    }

    @Override
    public List<Receipt> publish(Submission submission) {
        try {
            return submissionService.publish(submission);
        } catch (UnroutedException e) {
            throw e;
        } catch (SubmissionRefusedException e) {
            record(submission, e);
            throw e;
        }
    }

    /**
     * As {@link #publish}, for the submissions of one mail to several ports. Stores all of them in one commit, or none.
     *
     * @throws SubmissionRefusedException when one of the submissions is refused
     * @throws NotNowException when the store is unavailable or full; nothing was stored
     */
    public List<Receipt> publishTogether(List<Submission> submissions) {
        try {
            return submissionService.publishTogether(submissions);
        } catch (UnroutedException e) {
            throw e;
        } catch (SubmissionRefusedException e) {
            record(submissions.get(0), e);
            throw e;
        }
    }

    /** The routing of the current configuration. */
    public Routing routing() {
        return submissionService.routing();
    }

    /** Adds an entry to the ledger. Returns once the entry is on disk. */
    public void record(Entry entry) {
        ledger.record(entry);
    }

    private void record(Submission submission, SubmissionRefusedException refusal) {
        String why = Text.printable(String.valueOf(refusal.getMessage()), MAX_LENGTH);
        Optional<String> digest = submission.dedupeKey().map(key -> digest(submission, key, why));
        if (digest.filter(recorded::contains).isPresent()) {
            return;
        }
        try {
            ledger.record(Entry.of(Kind.NOT_TAKEN)
                    .header("port", submission.port())
                    .detail("actor", submission.actor())
                    .detail("dedupeKey", Text.printable(submission.dedupeKey().orElse(""), Submission.LONGEST_KEY))
                    .detail("detail", why));
        } catch (StoreException e) {
            throw new NotNowException(
                    "the message was refused, but the refusal could not be recorded, so try again: " + e.getMessage(),
                    e);
        }
        digest.ifPresent(recorded::add);
    }

    /** Identifies a refusal by feed, port, dedupe key and reason. If one of them differs, it is a different refusal. */
    private static String digest(Submission submission, String key, String why) {
        String all = String.join("\n", submission.actor(), submission.port(), key, why);
        return Sha256.hex(all.getBytes(StandardCharsets.UTF_8));
    }
}
