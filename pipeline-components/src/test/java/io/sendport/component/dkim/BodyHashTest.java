package io.sendport.component.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BodyHashTest {

    private static byte[] sha256(String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] hash(String content) throws Exception {
        return BodyHash.of(Body.of(content, StandardCharsets.ISO_8859_1));
    }

    @Example
    void matchesTheExampleInTheStandard() throws Exception {
        // RFC 6376 section 3.4.5
        assertThat(hash(" C \r\nD \t E\r\n\r\n\r\n")).isEqualTo(sha256(" C\r\nD E\r\n"));
    }

    @Example
    void hashesEmptyContentAsZeroBytes() throws Exception {
        // RFC 6376 section 3.4.4. jDKIM hashes CRLF instead, which only the simple form does.
        for (String empty : List.of("", "\r\n", "\r\n\r\n", " \t", "  \r\n\t\r\n ")) {
            assertThat(hash(empty)).as(empty).isEqualTo(sha256(""));
        }
    }

    @Example
    void terminatesTheLastLineWithCrlf() throws Exception {
        assertThat(hash("a")).isEqualTo(sha256("a\r\n"));
        assertThat(hash("a \t")).isEqualTo(sha256("a\r\n"));
    }

    @Provide
    Arbitrary<String> contents() {
        return Arbitraries.of(
                        "a", "b", ".", "\u00e9", "=", " ", "\t", "\r\n", "x".repeat(16 * 1024 - 3), " ".repeat(500))
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 150)
    void matchesTheRelaxedCanonicalizationOfTheStandard(@ForAll("contents") String content) throws Exception {
        String relaxed = (content + "\r\n")
                .replaceAll("[ \t]+\r\n", "\r\n")
                .replaceAll("[ \t]+", " ")
                .replaceAll("(\r\n)+$", "\r\n");
        assertThat(hash(content)).isEqualTo(sha256(relaxed.equals("\r\n") ? "" : relaxed));
    }
}
