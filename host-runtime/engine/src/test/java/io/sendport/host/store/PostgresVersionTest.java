package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that speak PostgreSQL's protocol and are not PostgreSQL are refused by name. */
class PostgresVersionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CockroachDB | CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27 01:53:43, go1.19.10)",
                "CockroachDB | CockroachDB OSS v21.2.0 (x86_64-unknown-linux-gnu, built 2021/11/15 13:58:04, go1.16.6)",
                "YugabyteDB  | PostgreSQL 11.2-YB-2.18.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 15.0.3, 64-bit",
                "YugabyteDB  | PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 17.0.6, 64-bit"
            })
    void refusesDatabasesThatOnlySpeakThePostgresProtocol(String name, String version) {
        assertThat(Postgres.unsupported(version))
                .hasValueSatisfying(why -> assertThat(why).contains(name).contains("PostgreSQL"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PostgreSQL 14.22 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 12.2.0, 64-bit",
                "PostgreSQL 15.14 (Debian 15.14-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit",
                "PostgreSQL 17.4 on aarch64-unknown-linux-gnu, compiled by aarch64-unknown-linux-gnu-gcc (GCC) 9.5.0, 64-bit"
            })
    void acceptsPostgres(String version) {
        assertThat(Postgres.unsupported(version)).isEmpty();
    }
}
