package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileReferenceTest {

    @ParameterizedTest
    @ValueSource(strings = {"secret.txt", "/run/secrets/relay", "secret.txt:none", "secret.txt:", "secret.txt:a:b"})
    void roundTripsThroughItsText(String text) {
        assertThat(FileReference.parse(text)).hasToString(text);
    }

    @Test
    void resolvesAgainstTheFolderAndKeepsItsDefault() {
        assertThat(FileReference.parse("../secret.txt:a:b").from(Path.of("/etc/sendport")))
                .hasToString("/etc/secret.txt:a:b");
        assertThat(FileReference.parse("/run/relay").file(Path.of("/etc"))).isEqualTo(Path.of("/run/relay"));
    }
}
