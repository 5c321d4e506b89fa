package io.sendport.host.store.commit;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A write whose caller waits until it is on disk. */
final class Pending<T> {

    private final Write<T> write;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private @Nullable T result;

    public Pending(Write<T> write) {
        this.write = write;
    }

    public void run(Transaction transaction) {
        result = write.in(transaction);
    }

    /**
     * Waits for the answer.
     *
     * @throws java.util.concurrent.CompletionException when the write failed, with the failure as its cause
     */
    public T await() {
        return done.join();
    }

    /** Answers that the write is on disk. */
    @SuppressWarnings("NullAway") // a write may give nothing, and then its caller expects nothing
    public void succeed() {
        done.complete(result);
    }

    public void fail(RuntimeException why) {
        done.completeExceptionally(why);
    }
}
