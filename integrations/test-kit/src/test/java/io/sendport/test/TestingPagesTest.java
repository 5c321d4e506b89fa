package io.sendport.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages show tests and programs that run here. */
class TestingPagesTest {

    @ParameterizedTest
    @CsvSource({
        "testing.md, RedactTest",
        "testing.md, RemindersTest",
        "writing-a-component.md, Redact",
        "writing-an-adapter.md, FolderAdapter",
        "writing-an-adapter.md, FolderAdapterTest"
    })
    void showTheSourceOfTestedClasses(String page, String type) throws Exception {
        assertThat(Files.readString(Path.of("../../docs", page)))
                .contains("```java\n" + Files.readString(Path.of("src/test/java/com/example", type + ".java")) + "```");
    }

    @Test
    void showTheConfigurationOfTheTest() throws Exception {
        assertThat(Files.readString(Path.of("../../docs/testing.md")))
                .contains("```xml\n" + Files.readString(Path.of("src/test/resources/reminders.xml")) + "```");
    }
}
