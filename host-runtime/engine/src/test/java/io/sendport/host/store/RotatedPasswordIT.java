package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.settings.Secret;
import io.sendport.host.TestPostgres;
import io.sendport.host.store.connection.OwnConnections;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A data source that was made before a password was changed logs on with the new one. */
class RotatedPasswordIT {

    @Test
    void appliesToExistingDataSources() throws Exception {
        String url = TestPostgres.newDatabase();
        TestPostgres.execute("postgres", "CREATE ROLE rotating LOGIN PASSWORD 'first'");
        Path access = Path.of(TestPostgres.asked("SHOW hba_file"));
        String before = Files.readString(access);
        Files.writeString(access, "host all rotating all md5\n" + before);
        try {
            TestPostgres.asked("SELECT pg_reload_conf()");
            OwnConnections connections =
                    new OwnConnections(url, Optional.of("rotating"), Optional.of(new Secret("first")));
            DataSource source = connections.waiting(Duration.ofSeconds(10));
            try (Connection open = source.getConnection()) {
                TestPostgres.execute("postgres", "ALTER ROLE rotating PASSWORD 'second'");
                assertThatThrownBy(source::getConnection).isInstanceOf(SQLException.class);
                connections.logOnAs(Optional.of("rotating"), Optional.of(new Secret("second")));
                source.getConnection().close();
                assertThat(open.isValid(10)).isTrue();
            }
            assertThat(connections.toString()).doesNotContain("second");
        } finally {
            Files.writeString(access, before);
            TestPostgres.asked("SELECT pg_reload_conf()");
        }
    }
}
