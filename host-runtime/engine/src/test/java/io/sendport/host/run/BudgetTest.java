package io.sendport.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.Patience;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BudgetTest {

    private static final int MB = 1024 * 1024;

    @Test
    void aPortWithoutProgressUsesOnlyItsOwnShare() {
        Budget budget = new Budget(8, MB);
        try (Budget.Share hanging = budget.addPort();
                Budget.Share healthy = budget.addPort()) {
            assertThat(hanging.room()).isEqualTo(2);
            hanging.acquire();
            hanging.acquire();
            assertThat(hanging.room()).isZero();
            assertThat(healthy.room()).isEqualTo(2);
        }
    }

    @Test
    void aPortThatMakesProgressMayAlsoUseTheCommonShare() {
        Budget budget = new Budget(8, MB);
        try (Budget.Share hanging = budget.addPort();
                Budget.Share healthy = budget.addPort()) {
            hanging.acquire();
            hanging.acquire();
            healthy.acquire();
            healthy.release();
            assertThat(healthy.room()).as("its own two and the common four").isEqualTo(6);
        }
    }

    @Test
    void eachPortGetsAtLeastOneSlot() {
        Budget budget = new Budget(2, MB);
        try (Budget.Share one = budget.addPort();
                Budget.Share another = budget.addPort();
                Budget.Share third = budget.addPort()) {
            assertThat(one.room()).isEqualTo(1);
            assertThat(another.room()).isEqualTo(1);
            assertThat(third.room()).isEqualTo(1);
        }
    }

    /** Asks for memory on another thread, and returns when that has it or waits for it. */
    private static CompletableFuture<Budget.Memory> asking(Budget budget, long size, int factor) throws Exception {
        CompletableFuture<Budget.Memory> answer = new CompletableFuture<>();
        Thread asking = new Thread(() -> {
            try {
                answer.complete(budget.acquireMemory(size, factor));
            } catch (InterruptedException e) {
                answer.completeExceptionally(e);
            }
        });
        asking.setDaemon(true);
        asking.start();
        Patience.until(
                "it waits or has its memory", () -> answer.isDone() || asking.getState() == Thread.State.TIMED_WAITING);
        return answer;
    }

    @Test
    void aPipelineWaitsForTheMemoryOfAnother() throws Exception {
        Budget budget = new Budget(8, 4 * MB);
        CompletableFuture<Budget.Memory> second;
        try (Budget.Memory first = budget.acquireMemory(MB, 3)) {
            assertThat(first).isNotNull();
            second = asking(budget, MB, 2);
            assertThat(second).isNotDone();
        }
        second.get(30, TimeUnit.SECONDS).close();
    }

    @Test
    void aMessageLargerThanTheBudgetWaitsForAllOfIt() throws Exception {
        Budget budget = new Budget(8, MB);
        CompletableFuture<Budget.Memory> large;
        try (Budget.Memory little = budget.acquireMemory(10_000, 1)) {
            assertThat(little).isNotNull();
            large = asking(budget, 100L * MB, 3);
            assertThat(large).isNotDone();
        }
        large.get(30, TimeUnit.SECONDS).close();
    }

    /** It waits for a moment only: what holds the memory may never return. */
    @Test
    void aBodyProceedsWithoutMemoryAfterAShortWaitAndReleasesNothing() throws Exception {
        Budget budget = new Budget(8, 2 * MB);
        try (Budget.Memory one = budget.acquireMemory(MB, 0);
                Budget.Memory another = budget.acquireMemory(MB, 0)) {
            assertThat(one).isNotNull();
            assertThat(another).isNotNull();
            for (int i = 0; i < 100; i++) {
                budget.acquireMemory(10_000, 0);
            }
            asking(budget, MB, 0).get(30, TimeUnit.SECONDS).close();
            assertThat(asking(budget, MB, 0)).as("the next one waits too").isNotDone();
        }
        budget.acquireMemory(MB, 0).close();
    }

    @Test
    void aHangingComponentDoesNotBlockBodiesOfOtherPorts() throws Exception {
        Budget budget = new Budget(8, 2 * MB);
        try (Budget.Memory hanging = budget.acquireMemory(MB / 2, 10)) {
            assertThat(hanging).isNotNull();
            assertThat(asking(budget, MB, 0)).isDone();
        }
    }
}
