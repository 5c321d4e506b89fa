package io.sendport.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sha256Test {

    /** The example of FIPS 180-2 appendix B.1. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);

    @Test
    void matchesTheExampleOfTheStandard() {
        assertThat(Sha256.hex(ABC)).isEqualTo(OF_ABC);
        assertThat(Sha256.of(ABC)).isEqualTo(HexFormat.of().parseHex(OF_ABC));
    }

    @Test
    void digestsContentThatComesInPieces() {
        var digest = Sha256.digest();
        digest.update((byte) 'a');
        assertThat(digest.digest(new byte[] {'b', 'c'}))
                .isEqualTo(HexFormat.of().parseHex(OF_ABC));
    }
}
