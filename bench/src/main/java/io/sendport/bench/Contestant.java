package io.sendport.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Something that sends mails, in a process of its own. */
interface Contestant extends AutoCloseable {

    /** Hands one mail in; by several threads. */
    void send() throws Exception;

    /** Hands in so many, by so many threads. */
    default void sendAll(int count, int threads) throws Exception {
        sendAll(this::send, count, threads);
    }

    /** Waits until what was handed in has been sent and whatever else is done with it. */
    default void settle() throws Exception {
        // Most send at once.
    }

    /** One mail. */
    @FunctionalInterface
    interface Act {
        void run() throws Exception;
    }

    /** Does something so many times, with so many threads. */
    static void sendAll(Act act, int count, int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int share = count / threads + (t < count % threads ? 1 : 0);
            Callable<Boolean> work = () -> {
                for (int i = 0; i < share; i++) {
                    act.run();
                }
                return true;
            };
            all.add(pool.submit(work));
        }
        for (Future<?> each : all) {
            each.get();
        }
        pool.shutdown();
    }
}
