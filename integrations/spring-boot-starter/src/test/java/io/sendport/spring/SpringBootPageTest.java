package io.sendport.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.DocumentedJava;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/spring-boot.md are code. */
class SpringBootPageTest {

    @Test
    void showsExamplesThatCompile(@TempDir Path folder) throws Exception {
        assertThat(DocumentedJava.compile(Path.of("../../docs/spring-boot.md"), folder))
                .isEmpty();
    }
}
