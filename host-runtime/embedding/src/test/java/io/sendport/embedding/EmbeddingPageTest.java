package io.sendport.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/embedding.md is code. */
class EmbeddingPageTest {

    @TempDir
    private Path folder;

    @Test
    void showsAnExampleThatCompiles() throws Exception {
        Matcher example = Pattern.compile("(?s)```java\n(.*?)```")
                .matcher(Files.readString(Path.of("..", "..", "docs", "embedding.md")));
        assertThat(example.find()).isTrue();
        Path file = Files.writeString(folder.resolve("Invoices.java"), example.group(1));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        said,
                        said,
                        "-d",
                        folder.toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        file.toString());
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
    }
}
