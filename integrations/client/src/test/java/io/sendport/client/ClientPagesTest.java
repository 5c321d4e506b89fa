package io.sendport.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.DocumentedJava;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/outbox.md and docs/camel-component.md are code. */
class ClientPagesTest {

    @Test
    void showsExamplesThatCompile(@TempDir Path folder) throws Exception {
        assertThat(DocumentedJava.compile(Path.of("../../docs/outbox.md"), folder))
                .isEmpty();
        assertThat(DocumentedJava.compile(Path.of("../../docs/camel-component.md"), folder))
                .isEmpty();
    }
}
