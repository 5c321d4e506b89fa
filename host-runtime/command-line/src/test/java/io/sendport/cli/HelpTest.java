package io.sendport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Every command says what it does, what its arguments are, and how it is typed. */
class HelpTest {

    static List<CommandLine> commands() {
        List<CommandLine> all = new ArrayList<>();
        add(SendportCommand.line(""), all);
        return all;
    }

    private static void add(CommandLine line, List<CommandLine> all) {
        line.getSubcommands().values().forEach(each -> {
            if (!each.getCommandSpec().usageMessage().hidden()
                    && !Set.of("generate-completion", "help").contains(each.getCommandName())) {
                all.add(each);
                add(each, all);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void describesTheCommandItsArgumentsAndItsOptions(CommandLine command) {
        var spec = command.getCommandSpec();
        assertThat(spec.usageMessage().description()).as(spec.qualifiedName()).isNotEmpty();
        for (PositionalParamSpec each : spec.positionalParameters()) {
            assertThat(each.description())
                    .as(spec.qualifiedName() + " " + each.paramLabel())
                    .isNotEmpty();
        }
        assertThat(spec.findOption("--help"))
                .as(spec.qualifiedName() + " --help")
                .isNotNull();
        spec.options().forEach(each -> assertThat(each.description())
                .as(spec.qualifiedName() + " " + each.longestName())
                .isNotEmpty());
    }

    @Test
    void theCommandHelpShowsACommand() {
        StringWriter out = new StringWriter();
        CommandLine line = SendportCommand.line("help").setOut(new PrintWriter(out));
        assertThat(line.execute("help", "submit")).isZero();
        assertThat(out.toString()).contains("Usage: sendport submit");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void showsAValidExample(CommandLine command) {
        var spec = command.getCommandSpec();
        List<String> examples = Stream.of(spec.usageMessage().footer())
                .filter(line -> line.contains("sendport "))
                .toList();
        assertThat(examples).as(spec.qualifiedName()).isNotEmpty();
        examples.stream()
                .filter(line -> line.startsWith("  sendport "))
                .forEach(line -> Typed.requireUnderstood(line.substring("  sendport ".length())));
        String own = spec.qualifiedName().replaceFirst("^sendport ", "");
        assertThat(examples).as(spec.qualifiedName()).anyMatch(line -> line.contains(own.split(" ")[0]));
    }
}
