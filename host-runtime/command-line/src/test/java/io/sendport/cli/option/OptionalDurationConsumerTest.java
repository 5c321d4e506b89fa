package io.sendport.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Option;

class OptionalDurationConsumerTest {

    @CommandLine.Command
    private static final class Command {

        @Option(
                names = "--watch",
                arity = "0..1",
                fallbackValue = "2s",
                parameterConsumer = OptionalDurationConsumer.class)
        private String watch = "never";

        @CommandLine.Parameters(arity = "0..*")
        private String[] files = {};
    }

    private static Command parsed(String... arguments) {
        Command command = new Command();
        new CommandLine(command).parseArgs(arguments);
        return command;
    }

    @Test
    void readsTheDurationAfterTheOption() {
        assertThat(parsed("--watch", "30s").watch).isEqualTo("30s");
    }

    @Test
    void usesTheFallbackWhenAFileFollows() {
        Command command = parsed("--watch", "invoice.xml");
        assertThat(command.watch).isEqualTo("2s");
        assertThat(command.files).containsExactly("invoice.xml");
        assertThat(parsed().watch).isEqualTo("never");
    }
}
