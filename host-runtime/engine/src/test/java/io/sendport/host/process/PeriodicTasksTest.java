package io.sendport.host.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.Patience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;

class PeriodicTasksTest {

    private static final int MANY = 40;

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> waits = new CopyOnWriteArrayList<>();

    @Test
    void runsATaskWhileAllOthersHang() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger hang = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        try (PeriodicTasks tasks = new PeriodicTasks(e -> {}, nanos::get)) {
            for (int i = 0; i < MANY; i++) {
                tasks.every("hangs " + i, 1, () -> {
                    hang.incrementAndGet();
                    never.await();
                });
            }
            Patience.until("all that hang", () -> hang.get() == MANY);
            tasks.every("lease", 1, ran::incrementAndGet);
            Patience.until("the lease", () -> ran.get() >= 2);
        }
    }

    @Test
    void retriesATaskThatThrowsAnErrorAndReportsAFault() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        try (PeriodicTasks tasks = new PeriodicTasks(e -> {}, nanos::get)) {
            tasks.every("lease", 1, () -> {
                ran.incrementAndGet();
                throw new NoClassDefFoundError("gone");
            });
            Patience.until("a second run", () -> ran.get() >= 2);
            nanos.addAndGet(Duration.ofSeconds(16).toNanos());
            assertThat(tasks.faults()).containsOnlyKeys("task lease").hasValueSatisfying(containing("gone"));
        }
    }

    private static Condition<String> containing(String text) {
        return new Condition<>(each -> each.contains(text), "contains %s", text);
    }

    @Test
    void retriesAFailingTaskAndReportsItAfterAGracePeriod() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        try (PeriodicTasks tasks = new PeriodicTasks(e -> waits.add(String.valueOf(e.getMessage())), nanos::get)) {
            tasks.every("checkpoint", 1, () -> {
                ran.incrementAndGet();
                throw new StoreException("the disk is full", new IllegalStateException());
            });
            Patience.until("a second run", () -> ran.get() >= 2);
            assertThat(tasks.faults()).isEmpty();
            nanos.addAndGet(Duration.ofSeconds(16).toNanos());
            assertThat(tasks.faults())
                    .containsOnlyKeys("task checkpoint")
                    .containsValue("has not succeeded for 16 s, last failure: the disk is full");
            assertThat(waits).contains("the disk is full");
        }
    }

    @Test
    void reportsNoTaskThatOnlyTheAbsenceOfTheStoreKeepsFromItsWork() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        try (PeriodicTasks tasks = new PeriodicTasks(e -> {}, nanos::get)) {
            tasks.every("checkpoint", 1, () -> {
                ran.incrementAndGet();
                throw new StoreException("connection refused", null, StoreException.Reason.AWAY);
            });
            nanos.addAndGet(Duration.ofSeconds(60).toNanos());
            int before = ran.get();
            Patience.until("two more runs", () -> ran.get() >= before + 2);
            assertThat(tasks.faults()).isEmpty();
        }
    }
}
