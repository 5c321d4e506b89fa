package io.sendport.host.operate;

import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Submits many messages concurrently, up to 128 messages or 8 MB at once, so that they share commits. A commit of a hundred messages takes
 * little longer than a commit of one. For one call of {@link #submit}.
 */
final class ManySubmissions {

    private static final int MAX_CONCURRENT = 128;
    private static final long MAX_BYTES = 8L << 20;

    private final Function<Submission, List<Receipt>> submitter;
    private final int maxConcurrent;
    private final Queue<Pending> pending = new ArrayDeque<>();
    private long bytes;
    private boolean refused;

    /** Submits to {@code submitter}; if {@code inTurn}, each message only after the answer to the previous one. */
    ManySubmissions(Function<Submission, List<Receipt>> submitter, boolean inTurn) {
        this.submitter = submitter;
        this.maxConcurrent = inTurn ? 1 : MAX_CONCURRENT;
    }

    private record Pending(int place, long size, Future<List<Receipt>> receipts) {}

    void submit(List<Submission> submissions, Consumer<SubmissionResult> answers) throws InterruptedException {
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(maxConcurrent, submissions.size()), work -> {
            Thread thread = new Thread(work, "sendport-submit-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (int place = 0; place < submissions.size() && !refused; place++) {
                Submission submission = submissions.get(place);
                long size = submission.size();
                // Submit the first message alone: if all messages have the same error, the others are not submitted.
                int room = place == 1 ? 1 : maxConcurrent;
                while (!pending.isEmpty() && (pending.size() >= room || bytes + size > MAX_BYTES)) {
                    answer(answers);
                }
                if (!refused) {
                    bytes += size;
                    pending.add(new Pending(place, size, threads.submit(() -> submitter.apply(submission))));
                }
            }
            while (!pending.isEmpty()) {
                answer(answers);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void answer(Consumer<SubmissionResult> answers) throws InterruptedException {
        Pending first = pending.remove();
        bytes -= first.size();
        try {
            answers.accept(
                    new SubmissionResult.Stored(first.place(), first.receipts().get()));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof RuntimeException reason)) {
                throw new IllegalStateException("a submission ended without an answer", e.getCause());
            }
            refused = true;
            answers.accept(new SubmissionResult.NotStored(first.place(), reason));
        }
    }
}
