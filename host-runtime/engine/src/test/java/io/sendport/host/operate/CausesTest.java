package io.sendport.host.operate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CausesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refused: RCPT 550 5.1.1 no such user (ann@customer.example)"
                        + " | refused: RCPT 550 5.1.1 no such user (bob@customer.example, eve@x.example and 3 more)",
                "not accepted in 4 attempts: FINAL_REPLY 451 4.3.0 queue id 4f3XyZ81abcQ"
                        + " | not accepted in 4 attempts: FINAL_REPLY 451 4.3.0 queue id 9a2BcD77defR",
                "older than PT1H: due 2026-11-28T12:00:00Z | older than PT1H: due 2026-11-29T08:31:07.25Z",
                "message 0f3a9c1e-1111-2222-3333-444455556666 is too large | message 1a2b3c4d-aaaa-bbbb-cccc-ddddeeeeffff is too large"
            })
    void areEqualWhenOnlyAddressesIdsAndTimesDiffer(String one, String other) {
        assertThat(Causes.of(one)).isEqualTo(Causes.of(other));
    }

    @Test
    void differForDifferentServerReplies() {
        assertThat(Causes.of("refused: RCPT 550 5.1.1 no such user (a@x.example)"))
                .isNotEqualTo(Causes.of("refused: RCPT 550 5.7.1 relaying denied (a@x.example)"));
        assertThat(Causes.of("certificate expired")).isEqualTo("certificate expired");
    }
}
