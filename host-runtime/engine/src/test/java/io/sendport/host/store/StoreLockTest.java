package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLockTest {

    @TempDir
    private Path folder;

    /** A process of its own that tries to take the lock. */
    static final class Other {
        public static void main(String[] arguments) throws Exception {
            try (StoreLock lock = StoreLock.take(Path.of(arguments[0]))) {
                System.exit(lock == null ? 2 : 0);
            } catch (StoreException e) {
                System.exit(1);
            }
        }
    }

    private boolean isFreeForOthers(Path store) throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Other.class.getName(),
                        store.toString())
                .inheritIO()
                .start();
        Patience.untilEnd(other);
        assertThat(other.exitValue()).isLessThan(2);
        return other.exitValue() == 0;
    }

    /** Closing any channel on a file gives up the locks that a process has on it. */
    @Test
    void staysLockedWhenTheSameProcessAsksAgain() throws Exception {
        Path store = folder.resolve("box.db");
        Path link = Files.createSymbolicLink(folder.resolve("linked"), folder).resolve("box.db");
        try (StoreLock held = StoreLock.take(store)) {
            assertThat(held).isNotNull();
            for (Path again : new Path[] {store, link}) {
                assertThatThrownBy(() -> StoreLock.take(again))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("uses");
            }
            assertThat(isFreeForOthers(store)).as("while it is held").isFalse();
        }
        assertThat(isFreeForOthers(store)).as("after it was given back").isTrue();
        StoreLock.take(store).close();
    }
}
