package io.sendport.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BudgetTest {

    private static final int MB = 1024 * 1024;

    @Test
    void aPortWithoutProgressTakesItsOwnShareOnlyAndLeavesTheOthersTheirs() {
        Budget budget = new Budget(8, MB);
        try (Budget.Share hanging = budget.join();
                Budget.Share healthy = budget.join()) {
            assertThat(hanging.room()).isEqualTo(2);
            hanging.take();
            hanging.take();
            assertThat(hanging.room()).isZero();
            assertThat(healthy.room()).isEqualTo(2);
        }
    }

    @Test
    void aPortThatMakesProgressTakesWhatNobodyElseUses() {
        Budget budget = new Budget(8, MB);
        try (Budget.Share hanging = budget.join();
                Budget.Share healthy = budget.join()) {
            hanging.take();
            hanging.take();
            healthy.take();
            healthy.release();
            assertThat(healthy.room()).as("its own two and the common four").isEqualTo(6);
        }
    }

    @Test
    void manyPortsHaveOneEach() {
        Budget budget = new Budget(2, MB);
        try (Budget.Share one = budget.join();
                Budget.Share another = budget.join();
                Budget.Share third = budget.join()) {
            assertThat(one.room()).isEqualTo(1);
            assertThat(another.room()).isEqualTo(1);
            assertThat(third.room()).isEqualTo(1);
        }
    }

    /** Tries to get memory on another thread. */
    private static CompletableFuture<Budget.Memory> asking(Budget budget, long size, int factor) throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CompletableFuture<Budget.Memory> answer = new CompletableFuture<>();
        Thread asking = new Thread(() -> {
            began.countDown();
            try {
                answer.complete(budget.memory(size, factor));
            } catch (InterruptedException e) {
                answer.completeExceptionally(e);
            }
        });
        asking.setDaemon(true);
        asking.start();
        began.await();
        return answer;
    }

    @Test
    void aPipelineWaitsForTheMemoryOfAnother() throws Exception {
        Budget budget = new Budget(8, 4 * MB);
        CompletableFuture<Budget.Memory> second;
        try (Budget.Memory first = budget.memory(MB, 2)) {
            assertThat(first).isNotNull();
            second = asking(budget, MB, 2);
            assertThat(second).isNotDone();
        }
        second.get(30, TimeUnit.SECONDS).close();
    }

    @Test
    void aBodyCountsUpToAMegabyteAndASmallOneDoesNot() throws Exception {
        Budget budget = new Budget(8, 3 * MB);
        try (Budget.Memory one = budget.memory(MB - 1, 0);
                Budget.Memory streamed = budget.memory(100L * MB, 0)) {
            assertThat(one).isNotNull();
            assertThat(streamed).isNotNull();
            for (int i = 0; i < 100; i++) {
                budget.memory(10_000, 0);
            }
            try (Budget.Memory last = budget.memory(MB - 100_000, 0)) {
                assertThat(last).isNotNull();
                assertThat(asking(budget, MB - 1, 0)).isNotDone();
            }
        }
    }

    @Test
    void aMessageThatNeedsMoreThanThereIsWaitsForAllOfIt() throws Exception {
        Budget budget = new Budget(8, MB);
        budget.memory(100L * MB, 3).close();
    }
}
