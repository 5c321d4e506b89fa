package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.MessageBox;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.SettableClock;
import io.sendport.testing.Skipped;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pooler that gives each transaction another session is refused by name, since settings and notifications belong to a session. */
@Timeout(300)
class PgBouncerIT {

    @TempDir
    private Path folder;

    private Path program;
    private String url;
    private int server;

    @BeforeEach
    void find() {
        Optional<Path> found = PgBouncer.program();
        if (found.isEmpty()) {
            Skipped.note("PgBouncer in front of PostgreSQL (pgbouncer is not installed)");
        }
        assumeTrue(found.isPresent(), "an installed PgBouncer");
        program = found.orElseThrow();
        url = TestPostgres.newDatabase();
        server = Integer.parseInt(url.replaceFirst(".*:(\\d+)/.*", "$1"));
    }

    private MessageBoxSettings behind(PgBouncer bouncer) {
        return TestPostgres.settings(url.replace(":" + server + "/", ":" + bouncer.port() + "/"), folder);
    }

    @Test
    void isRefusedInTransactionModeAndTheDirectPortIsRecommended() throws Exception {
        try (PgBouncer bouncer = PgBouncer.start(program, folder, "transaction", server)) {
            MessageBoxSettings settings = behind(bouncer);
            assertThatThrownBy(() -> TestBox.open(settings, new SettableClock()).close())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("PgBouncer")
                    .hasMessageContaining("transaction")
                    .hasMessageContaining("direct");
        }
    }

    @Test
    void isAcceptedInSessionMode() throws Exception {
        try (PgBouncer bouncer = PgBouncer.start(program, folder, "session", server);
                MessageBox box = TestBox.open(behind(bouncer), new SettableClock())) {
            TestBox.submit(box, new SettableClock(), "P");
            assertThat(box.claims().claim("P", "i", 5)).hasSize(1);
        }
    }
}
