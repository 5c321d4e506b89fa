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
 * Submits many messages, up to 128 or 8 MB of them concurrently, so that they share commits: a commit of a hundred messages takes
 * little longer than one of a single message.
 */
final class ManySubmissions {

    private static final int MAX_UNDER_WAY = 128;
    private static final long MAX_BYTES = 8L << 20;

    private final Function<Submission, List<Receipt>> desk;
    private final int most;
    private final Queue<UnderWay> underWay = new ArrayDeque<>();
    private long bytes;
    private boolean refused;

    /**
     * @param inTurn whether each waits for the answer to the previous one
     */
    ManySubmissions(Function<Submission, List<Receipt>> desk, boolean inTurn) {
        this.desk = desk;
        this.most = inTurn ? 1 : MAX_UNDER_WAY;
    }

    private record UnderWay(int place, long size, Future<List<Receipt>> receipts) {}

    void submit(List<Submission> submissions, Consumer<SubmissionResult> answers) throws InterruptedException {
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(most, submissions.size()), work -> {
            Thread thread = new Thread(work, "sendport-submit-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (int place = 0; place < submissions.size() && !refused; place++) {
                Submission submission = submissions.get(place);
                long size = submission.size();
                // The second waits for the first: a mistake in all of them is refused before others are in progress.
                int room = place == 1 ? 1 : most;
                while (!underWay.isEmpty() && (underWay.size() >= room || bytes + size > MAX_BYTES)) {
                    answer(answers);
                }
                if (!refused) {
                    bytes += size;
                    underWay.add(new UnderWay(place, size, threads.submit(() -> desk.apply(submission))));
                }
            }
            while (!underWay.isEmpty()) {
                answer(answers);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void answer(Consumer<SubmissionResult> answers) throws InterruptedException {
        UnderWay first = underWay.remove();
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
