package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.host.TestPostgres;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of a message box in PostgreSQL, which only PostgreSQL's own tools can make. */
class PostgresBackupIT {

    @TempDir
    private Path folder;

    @Test
    void isRefusedAndLeavesNoFile() throws Exception {
        Path backups = folder.resolve("backups");
        Files.createDirectory(backups);
        try (Store store = Store.open(TestPostgres.settings(TestPostgres.newDatabase(), folder), Access.CREATE)) {
            assertThatThrownBy(() -> store.backUp(backups.resolve("sendport.db")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("pg_dump");
        }
        assertThat(backups).isEmptyDirectory();
    }
}
