package io.sendport.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.migration.report.HandlerExport;
import io.sendport.migration.report.Rule;
import io.sendport.migration.report.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages say what the program does: the tables are the program's, the example is what import makes of it. */
class MigratingPageTest {

    private static final Path PAGE = Path.of("../docs/migrating.md");
    private static final Path REPORT_PAGE = Path.of("../docs/import-report.md");

    @TempDir
    private Path folder;

    @Test
    void theTablesMatchTheRulesOfTheProgram() throws Exception {
        List<String> rows = Files.readAllLines(REPORT_PAGE).stream()
                .filter(line -> line.startsWith("| `BT-") || line.startsWith("| `SSIS-"))
                .map(line -> line.replace("`", "").replace("> <", "><"))
                .toList();
        List<String> rules = java.util.stream.Stream.of(Rule.values())
                .map(each -> "| " + each.code() + " | " + each.source() + " | " + each.word()
                        + (each.severity() == Severity.WARNING ? ", warning" : "") + " | " + each.target() + " |")
                .toList();
        assertThat(rows).containsExactlyElementsOf(rules);
    }

    @Test
    void theScriptMatchesTheReport() throws Exception {
        assertThat(Files.readString(PAGE)).contains("```text\n" + String.join("\n", HandlerExport.SCRIPT) + "\n```");
    }

    @Test
    void theExampleMatchesTheResultOfImport() throws Exception {
        String page = Files.readString(PAGE);
        Matcher binding =
                Pattern.compile("```xml\\R(<BindingInfo.*?)```", Pattern.DOTALL).matcher(page);
        Matcher port =
                Pattern.compile("```text\\R(  <sendPort.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(binding.find() && port.find()).isTrue();
        Path file = folder.resolve("Orders.BindingInfo.xml");
        Files.writeString(file, binding.group(1));
        assertThat(Migration.biztalk(List.of(file), Optional.empty()).configuration())
                .contains(port.group(1));
    }
}
