package io.sendport.smtp.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Priority;
import io.sendport.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RelayConnectionLimitTest {

    private final AtomicLong nanos = new AtomicLong();
    private final RelayConnectionLimit cap = new RelayConnectionLimit(nanos::get);

    private int taken(int most) throws InterruptedException {
        int taken = 0;
        RelayConnectionLimit.Line line = cap.line(most, Priority.USUAL);
        while (line.acquire(0)) {
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
    void servesHigherPrioritiesFirst() throws Exception {
        assertThat(cap.line(1, Priority.USUAL).acquire(0)).isTrue();
        List<String> served = new CopyOnWriteArrayList<>();
        List<Thread> all = new ArrayList<>();
        for (int level : new int[] {9, 5, 1}) {
            all.add(waits(cap.line(1, new Priority(level)), "level " + level, served));
        }
        cap.release();
        for (Thread each : all) {
            each.join();
        }
        assertThat(served).containsExactly("level 1", "level 5", "level 9");
    }

    /** Who waits in vain comes back: where each try began at the end, the less urgent would never come to its turn. */
    @Test
    void keepsTheQueuePositionOfAPortAfterATimeout() throws Exception {
        RelayConnectionLimit.Line patient = cap.line(1, new Priority(9));
        assertThat(cap.line(1, Priority.USUAL).acquire(0)).isTrue();
        for (int minute = 0; minute < 5; minute++) {
            assertThat(patient.acquire(0)).isFalse();
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        }
        List<String> served = new CopyOnWriteArrayList<>();
        Thread urgent = waits(cap.line(1, new Priority(1)), "urgent", served);
        Thread again = waits(patient, "patient", served);
        cap.release();
        urgent.join();
        again.join();
        assertThat(served).containsExactly("patient", "urgent");
    }

    /** A place that was left is taken once: the port's next message has one of its own. */
    @Test
    void givesAKeptQueuePositionToOnlyOneMessage() throws Exception {
        RelayConnectionLimit.Line patient = cap.line(1, new Priority(9));
        assertThat(cap.line(1, Priority.USUAL).acquire(0)).isTrue();
        assertThat(patient.acquire(0)).isFalse();
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        List<String> served = new CopyOnWriteArrayList<>();
        List<Thread> all = List.of(
                waits(patient, "first", served),
                waits(patient, "second", served),
                waits(cap.line(1, new Priority(1)), "urgent", served));
        cap.release();
        for (Thread each : all) {
            each.join();
        }
        assertThat(served).containsExactly("first", "urgent", "second");
    }

    private Thread waits(RelayConnectionLimit.Line line, String name, List<String> served) {
        int before = cap.waiting();
        Thread thread = new Thread(() -> {
            try {
                if (line.acquire(Patience.LIMIT.toNanos())) {
                    served.add(name);
                    cap.release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        while (cap.waiting() == before) {
            Thread.onSpinWait();
        }
        return thread;
    }

    @Test
    void saysWhatLimitsTheConnections() {
        assertThat(cap.usage(8))
                .isEqualTo(
                        "0 of 8 in use, 0 waiting. Sendport now uses at most 2, and uses more as the relay accepts mails");
        for (int i = 0; i < 200; i++) {
            cap.succeeded(8);
        }
        assertThat(cap.usage(8)).endsWith("If the relay accepts more connections, raise maxConnections");
        cap.congested();
        assertThat(cap.usage(8))
                .endsWith("at most 4, because the relay was overloaded; check it with: sendport doctor");
    }

    @Test
    void halvesTheLimitOnceForABurstOfCongestion() throws Exception {
        for (int i = 0; i < 200; i++) {
            cap.succeeded(8);
        }
        int before = cap.allowed();
        assertThat(before).as("no more than may be").isEqualTo(8);
        for (int i = 0; i < 50; i++) {
            cap.congested();
        }
        assertThat(cap.allowed()).isEqualTo(before / 2);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        cap.congested();
        assertThat(cap.allowed()).as("another complaint").isEqualTo(before / 4);
        assertThat(taken(1)).isEqualTo(1);
    }
}
