package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.store.commit.Access;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A query that takes too long is broken off, and the connection is as good as before. */
abstract class TimeLimitContract {

    private static final String LONG =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000)"
                    + " SELECT count(*) FROM n";
    private static final int OFTEN = 12;

    @TempDir
    private Path folder;

    abstract MessageBoxSettings settings(Path place);

    @Test
    void cancelsASlowQueryAndKeepsTheConnectionUsable() {
        try (Store store = Store.open(settings(folder), Access.CREATE)) {
            // More often than there are connections, so that each is used again.
            for (int i = 0; i < OFTEN; i++) {
                assertThat(store.readWithin(Duration.ofMillis(100), handle -> handle.createQuery(LONG)
                                .mapTo(Long.class)
                                .one()))
                        .isEmpty();
                assertThat(store.readWithin(Duration.ofSeconds(5), handle -> handle.createQuery("SELECT 1")
                                .mapTo(Integer.class)
                                .one()))
                        .contains(1);
            }
            for (int i = 0; i < OFTEN; i++) {
                long took = store.read(handle -> {
                    long began = System.nanoTime();
                    handle.createQuery(LONG.replace("2000000000", "1000000"))
                            .mapTo(Long.class)
                            .one();
                    return System.nanoTime() - began;
                });
                assertThat(took).as("nothing broke it off").isPositive();
            }
        }
    }
}
