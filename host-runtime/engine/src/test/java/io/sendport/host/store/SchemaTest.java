package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Migrations that were released stay what they are: a store that was made by one would not be recognized otherwise. */
class SchemaTest {

    @ParameterizedTest
    @CsvSource({
        "sqlite/V1__message_box_and_ledger.sql, 8a53cf33c044566769b0a96e7ed117c5dc90dad5deff2ce70a28cef3c162ccca",
        "postgresql/V1__message_box_and_ledger.sql, 6a2976c0376923ef4a11002fc5c8555f375757f0a51e8b62a965acc5d5d6de79",
        "sqlite/V2__fence_horizon_suspects.sql, 02ef50a9db4748409a49f5cdf160ed2da40cf053b1b267a34f3fc78e5b288f4e",
        "postgresql/V2__fence_horizon_suspects.sql, 7d1fb49fde2f7c23e78b36e1690d1de3fe4a47514f29fbe245aca6db7114e2d9",
        "sqlite/V3__lanes_that_end.sql, 36fde0879891ac6d5646c2c626ad9d5f494fe8e8fbb98f5e3d1016dc7ea34ec0",
        "postgresql/V3__lanes_that_end.sql, c0d045d62d8462a07cbd5f1fdd6926ab6474560c8e97497eb322903e7a70da22"
    })
    void keepsEveryMigrationThatWasReleased(String migration, String sha256) throws Exception {
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(migration))))
                .as("%s is frozen; a change is a migration of its own", migration)
                .isEqualTo(sha256);
    }

    private static byte[] bytes(String migration) throws IOException {
        try (InputStream in = SchemaTest.class.getResourceAsStream("/io/sendport/host/store/migration/" + migration)) {
            return in.readAllBytes();
        }
    }
}
