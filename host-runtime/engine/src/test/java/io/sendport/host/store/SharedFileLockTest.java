package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nobody opens a log between another's failed sync and the mark that tells of it. */
@Timeout(300)
class SharedFileLockTest {

    @TempDir
    private Path folder;

    private final List<String> order = new CopyOnWriteArrayList<>();

    @Test
    void opensTheFileOnlyAfterASyncAndItsMark() throws Exception {
        Path store = Files.createFile(folder.resolve("sendport.db"));
        CountDownLatch syncing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (SharedFileLock one = SharedFileLock.ofSyncs(store);
                SharedFileLock other = SharedFileLock.ofSyncs(store)) {
            Thread sync = new Thread(() -> run(() -> one.shared(() -> {
                syncing.countDown();
                await(goOn);
                order.add("marked");
            })));
            sync.start();
            await(syncing);
            Thread open = new Thread(() -> run(() -> other.exclusively(() -> order.add("opened"))));
            open.start();
            // Once it waits it can only go on when the sync has ended.
            while (open.getState() == Thread.State.RUNNABLE || open.getState() == Thread.State.NEW) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            sync.join();
            open.join();
        }
        assertThat(order).containsExactly("marked", "opened");
    }

    @Test
    void allowsConcurrentSyncs() throws Exception {
        Path store = Files.createFile(folder.resolve("sendport.db"));
        CountDownLatch both = new CountDownLatch(2);
        try (SharedFileLock lock = SharedFileLock.ofSyncs(store)) {
            Thread one = new Thread(() -> run(() -> lock.shared(() -> meet(both))));
            Thread other = new Thread(() -> run(() -> lock.shared(() -> meet(both))));
            one.start();
            other.start();
            one.join();
            other.join();
        }
        assertThat(order).containsExactly("met", "met");
    }

    @Test
    void deniesTheExclusiveLockWhileAnotherThreadSharesIt() throws Exception {
        Path store = Files.createFile(folder.resolve("sendport.db"));
        LockedRecords.prepare(store);
        try (SharedFileLock one = SharedFileLock.ofRecords(store);
                SharedFileLock other = SharedFileLock.ofRecords(store)) {
            one.share();
            Thread mover = new Thread(() -> run(() -> order.add("taken " + other.tryExclusive())));
            mover.start();
            mover.join();
            one.unshare();
            assertThat(order).containsExactly("taken false");
            assertThat(other.tryExclusive()).isTrue();
            other.endExclusive();
        }
    }

    private void meet(CountDownLatch both) {
        both.countDown();
        await(both);
        order.add("met");
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void run(Work work) {
        try {
            work.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
