package io.sendport.api.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileTemplateTest {

    @TempDir
    private Path top;

    private Path conf;

    @BeforeEach
    void makeFiles() throws IOException {
        conf = Files.createDirectories(top.resolve("conf"));
        for (String file :
                List.of("invoices/joe.pdf", "invoices/joe/1.pdf", "private/salary.pdf", "sendport.xml", "id-1/x.pdf")) {
            Path path = conf.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, file);
        }
        Files.createSymbolicLink(conf.resolve("invoices/out.pdf"), Path.of("../private/salary.pdf"));
        Files.createSymbolicLink(conf.resolve("invoices/aside"), Path.of("../private"));
        Files.createSymbolicLink(conf.resolve("invoices/in.pdf"), Path.of("joe.pdf"));
        Files.createSymbolicLink(conf.resolve("mounted"), Path.of("invoices"));
    }

    private Settings element(String folder, String file) {
        Origin origin = new Origin(conf.resolve("sendport.xml"), 1, 1);
        Map<String, Setting> attributes = new HashMap<>();
        attributes.put("file", Setting.plain(file, origin));
        if (!folder.isEmpty()) {
            attributes.put("folder", Setting.plain(folder, origin));
        }
        return new Settings("attach", origin, attributes, List.of(), "");
    }

    private String found(String folder, String file, String value) throws IOException {
        FileTemplate.Found found =
                FileTemplate.of(element(folder, file)).find(macro -> macro.isOurs() ? "id-1" : value);
        return Files.readString(found.real());
    }

    @ParameterizedTest
    @CsvSource({
        "'', invoices/%V%.pdf, joe, invoices/joe.pdf",
        "'', invoices/%V%, joe.pdf, invoices/joe.pdf",
        "'', ../conf/invoices/%V%.pdf, joe, invoices/joe.pdf",
        "'', invoices/%V%/1.pdf, joe, invoices/joe/1.pdf",
        "'', mounted/%V%.pdf, joe, invoices/joe.pdf",
        "'', invoices/%V%.pdf, in, invoices/joe.pdf",
        "invoices, %V%.pdf, joe, invoices/joe.pdf",
        "invoices, %V%/%V%.pdf, joe, ''",
        "., %V%, sendport.xml, sendport.xml",
        "., invoices/%V%, joe.pdf, invoices/joe.pdf",
        "'', %MessageID%/%V%.pdf, x, id-1/x.pdf",
        "'', %MessageID%/x.pdf, '', id-1/x.pdf",
        "'', private/salary.pdf, '', private/salary.pdf",
        "'', invoices/out.pdf, '', private/salary.pdf",
    })
    void findsTheFileInTheConfiguredFolder(String folder, String file, String value, String content)
            throws IOException {
        if (content.isEmpty()) {
            assertThatThrownBy(() -> found(folder, file, value)).isInstanceOf(NoSuchFileException.class);
        } else {
            assertThat(found(folder, file, value)).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../private/salary",
                "..",
                ".",
                "...",
                ".. ",
                "/etc/hostname",
                "joe/1",
                "joe\\1",
                "C:joe",
                "joe\u0000",
                "joe\r\n",
                "joe\u202Efdp.exe",
                "joe\uD800"
            })
    void rejectsAValueThatIsNotASingleFileName(String value) {
        for (String template : List.of("invoices/%V%", "invoices/%V%/1.pdf")) {
            assertThatThrownBy(() -> found("", template, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .satisfiesAnyOf(
                            message -> assertThat(message).contains("the value of %V% has the "),
                            message -> assertThat(message).contains("the values of the macros lead to another folder"));
        }
    }

    @Test
    void rejectsTwoValuesThatTogetherNameTheParentFolder() {
        assertThatThrownBy(() -> found("", "invoices/%A%%B%/private/salary.pdf", "."))
                .hasMessageContaining("the values of the macros lead to another folder");
    }

    @ParameterizedTest
    @CsvSource({
        "'', invoices/%V%.pdf, out",
        "'', invoices/%V%/salary.pdf, aside",
        "invoices, %V%.pdf, out",
        "invoices, out.pdf, ''"
    })
    void doesNotFollowSymbolicLinksOutOfTheFolder(String folder, String file, String value) {
        assertThatThrownBy(() -> found(folder, file, value)).hasMessage("a symbolic link leads out of the folder");
    }

    @Test
    void acceptsOnlyRegularFiles() {
        assertThatThrownBy(() -> found("", "invoices/%V%", "joe")).hasMessage("it is not a regular file");
        assertThatThrownBy(() -> found("", "/dev/null", "")).hasMessage("it is not a regular file");
    }

    @ParameterizedTest
    @CsvSource({
        "'', %V%",
        "'', %V%.pdf",
        "'', %V%/x.pdf",
        "'', ./%V%",
        "'', invoices/../%V%",
        "'', ../%V%/sendport.xml",
        "'', ../conf/%V%",
        "'', /%V%",
        "'', //%V%/x",
        "'', invoices/%V%/../x.pdf",
        "'', invoices/%V%/",
        "invoices, ../%V%",
        "invoices, /etc/%V%",
        "invoices, ../private/salary.pdf",
    })
    void rejectsATemplateThatLetsTheMessageChooseTheFolder(String folder, String file) {
        assertThatThrownBy(() -> FileTemplate.of(element(folder, file)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .containsAnyOf(
                        "the path starts with the macro %V%", "is not in folder", "after a macro, the path continues");
    }
}
