package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.store.commit.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Migrations stay what they are: a store that was made by one would not be recognized otherwise. A new one is added here. */
class SchemaTest {

    @ParameterizedTest
    @CsvSource({
        "sqlite/V1__message_box_and_ledger.sql, 8a53cf33c044566769b0a96e7ed117c5dc90dad5deff2ce70a28cef3c162ccca",
        "postgresql/V1__message_box_and_ledger.sql, 6a2976c0376923ef4a11002fc5c8555f375757f0a51e8b62a965acc5d5d6de79",
        "sqlite/V2__fence_horizon_suspects.sql, 02ef50a9db4748409a49f5cdf160ed2da40cf053b1b267a34f3fc78e5b288f4e",
        "postgresql/V2__fence_horizon_suspects.sql, 7d1fb49fde2f7c23e78b36e1690d1de3fe4a47514f29fbe245aca6db7114e2d9",
        "sqlite/V3__lanes_that_end.sql, 36fde0879891ac6d5646c2c626ad9d5f494fe8e8fbb98f5e3d1016dc7ea34ec0",
        "postgresql/V3__lanes_that_end.sql, c0d045d62d8462a07cbd5f1fdd6926ab6474560c8e97497eb322903e7a70da22",
        "sqlite/V4__bodies_at_rest.sql, 914f45d1d4d1068f98b38fe1274edd6c4b5454878c814f85c2f9a0164e0b79cf",
        "postgresql/V4__bodies_at_rest.sql, 6e3d6c3576c5628da33471626568310c819056ecc084aa2b7b59444ef683bb1c",
        "sqlite/V5__why_a_port_is_silent.sql, 570a1042b417b0589817cf97b8c03c4356f0b41c71c96b6b48cb1a387625a32c",
        "postgresql/V5__why_a_port_is_silent.sql, 6ab8559c1e732c1990ba6a3932a5768209c9b1d7d185e10e78215b03a8efbc73",
        "sqlite/V6__conditions.sql, 6b06b63f72b79af67e86d8dec6b88aff72a6f505d9f05934bcd6dd0aa47610a3",
        "postgresql/V6__conditions.sql, 0f77f01d587c208b23dbb238cc7ce775f262589ca8ee8fb9815bc6eb1565f58c",
        "sqlite/V7__bulk_acts_and_sessions.sql, 2d50fb14c32514d0cd8379c69074e518f42e69ec4446f7e1f08780e2925cb026",
        "postgresql/V7__bulk_acts_and_sessions.sql, 1c0ac28020d84dd3e851e5243f58d9de41b49ee4056861c5ce0a8ae2f80b46ff",
        "sqlite/V8__messages_in_trouble.sql, 5a0ce0bc6b174c8e13f568d490adef28df799a5e29a1111d638c5a51c4c6f791",
        "postgresql/V8__messages_in_trouble.sql, 5a0ce0bc6b174c8e13f568d490adef28df799a5e29a1111d638c5a51c4c6f791",
        "sqlite/V9__outbox_of_applications.sql, a56b8d7f9a60b29ffbdefff85a0c02c68063d046729d6a4d01b9eaea8cf94fdf",
        "postgresql/V9__outbox_of_applications.sql, e73a182434207e8d068014e7a481a7d03f7e729321720b14b060b766ae7856e1",
        "sqlite/V10__outcomes_for_applications.sql, bab6daf5407a8ca67eb188856388dd03ee8c75839fb80ad9d4ffad4129305fce",
        "postgresql/V10__outcomes_for_applications.sql, ffe0863326f26a5b900dde5d0a0cb60fd843d2f8aa40105c2188693fba06d5df",
        "sqlite/V11__alerts.sql, 6ace4181185893468b2266eeb1f7250bf5cac5ac19a22becde752e757b364cc8",
        "postgresql/V11__alerts.sql, a5fa7ad35ba67acb8c04218bbe9c2d79e45472b64b717793a86021c8888c7685",
        "sqlite/V12__log_levels_and_holds.sql, 9822ab780fd172d62cdb8c4f6f32f9c3afa3a427374bd84ac245f25a359afc5f",
        "postgresql/V12__log_levels_and_holds.sql, 618cd5333542cb4008854450d4214bce856932dc08228a4b5ec056f948fc0097",
        "sqlite/V13__first_attempts.sql, ba00844eb6768bb870b831bfd091f63237291da971e037af370745c4bcf42883",
        "postgresql/V13__first_attempts.sql, e4ab13f448417f2472451ec0bc6f1f88c7c3d93d6923cbcbbd66074ab4591b1c",
        "sqlite/V14__packed_ledger.sql, b77d7509a0a86ce145db88702c5b328ec9bd1c872f86d18aa1898ceee4be3ab2",
        "postgresql/V14__packed_ledger.sql, 25a1304e4b1992d3c8599c264677dde522036d57652bfeb2dbf1c914a1caa443",
        "sqlite/V15__lists_by_port_and_time.sql, 472784cf9e28700f06a271c53195d4f606f88e7fbdc5d30fb78c5485c327351a",
        "postgresql/V15__lists_by_port_and_time.sql, aa8e6da7812185a026c1525f411df9d2cc55abbf17b34be1fef66dd8bad88e41",
        "sqlite/V16__the_server_of_the_store.sql, 5b97d1b5f44b5f340bef85c1f732e47e294c32a563a331d8db652762c1f2818e",
        "postgresql/V16__the_server_of_the_store.sql, b95d509d7b00417afc62e9eb830cff4c536668b73a22d448393c019328fa734c"
    })
    void keepsEveryMigration(String migration, String sha256) throws Exception {
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(migration))))
                .as("%s is frozen; a change is a migration of its own", migration)
                .isEqualTo(sha256);
    }

    @Test
    void everyMigrationHasAChecksum() throws Exception {
        Set<String> listed = Arrays.stream(SchemaTest.class
                        .getDeclaredMethod("keepsEveryMigration", String.class, String.class)
                        .getAnnotation(CsvSource.class)
                        .value())
                .map(row -> row.replaceFirst(",.*", ""))
                .collect(Collectors.toSet());
        Path folder = Path.of(SchemaTest.class
                .getResource("/io/sendport/host/store/migration")
                .toURI());
        Set<String> found;
        try (Stream<Path> files = Files.walk(folder)) {
            found = files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .collect(Collectors.toSet());
        }
        assertThat(listed).as("add its checksum above").isEqualTo(found).hasSize(2 * Schema.VERSION);
    }

    private static byte[] bytes(String migration) throws IOException {
        try (InputStream in = SchemaTest.class.getResourceAsStream("/io/sendport/host/store/migration/" + migration)) {
            return in.readAllBytes();
        }
    }
}
