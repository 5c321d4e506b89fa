package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Priority;
import io.sendport.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RelayCapTest {

    private final AtomicLong nanos = new AtomicLong();
    private final RelayCap cap = new RelayCap(nanos::get);

    private int taken(int most) throws InterruptedException {
        int taken = 0;
        while (cap.acquire(most, Priority.USUAL, 0)) {
            taken++;
        }
        for (int i = 0; i < taken; i++) {
            cap.release();
        }
        return taken;
    }

    @Test
    void beginsLowAndGrowsWithSuccessUpToTheBound() throws Exception {
        assertThat(taken(8)).isEqualTo(2);
        for (int i = 0; i < 10; i++) {
            cap.succeeded(8);
        }
        assertThat(taken(8)).isBetween(4, 5);
        for (int i = 0; i < 100; i++) {
            cap.succeeded(8);
        }
        assertThat(taken(8)).isEqualTo(8);
    }

    @Test
    void servesTheMoreUrgentFirst() throws Exception {
        assertThat(cap.acquire(1, Priority.USUAL, 0)).isTrue();
        List<String> served = new CopyOnWriteArrayList<>();
        List<Thread> all = new ArrayList<>();
        for (int level : new int[] {9, 5, 1}) {
            Thread thread = new Thread(() -> {
                try {
                    if (cap.acquire(1, new Priority(level), Patience.LIMIT.toNanos())) {
                        served.add("level " + level);
                        cap.release();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
            all.add(thread);
            while (cap.waiting() < all.size()) {
                Thread.onSpinWait();
            }
        }
        cap.release();
        for (Thread each : all) {
            each.join();
        }
        assertThat(served).containsExactly("level 1", "level 5", "level 9");
    }

    @Test
    void halvesOnceForOneComplaintAndNeverStops() throws Exception {
        for (int i = 0; i < 200; i++) {
            cap.succeeded(8);
        }
        int before = cap.bearable();
        assertThat(before).as("no more than may be").isEqualTo(8);
        for (int i = 0; i < 50; i++) {
            cap.congested();
        }
        assertThat(cap.bearable()).isEqualTo(before / 2);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        cap.congested();
        assertThat(cap.bearable()).as("another complaint").isEqualTo(before / 4);
        assertThat(taken(1)).isEqualTo(1);
    }
}
