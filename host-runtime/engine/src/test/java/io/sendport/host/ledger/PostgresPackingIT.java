package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestPostgres;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.InTurn;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@InTurn
class PostgresPackingIT extends PackingContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestPostgres.settings(TestPostgres.newDatabase(), place);
    }

    @Test
    void leavesNoLockInAConnectionOfTheApplication(@TempDir Path place) {
        String url = TestPostgres.newDatabase();
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            pool.setUsername("postgres");
            pool.setPassword("postgres");
            try (Store store = Store.open(TestPostgres.settings(url, place), Access.CREATE, Optional.of(pool))) {
                assertThat(store.whileNobodyVerifies(() -> "moved")).hasValue("moved");
                assertThat(store.whileRecordsStay(() -> "verified")).isEqualTo("verified");
                assertThat(TestPostgres.asked("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                        .isEqualTo("0");
            }
        }
    }
}
