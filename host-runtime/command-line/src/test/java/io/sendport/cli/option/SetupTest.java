package io.sendport.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SetupTest {

    private static final String TEXT = "Run `sendport doctor --port P`; then `sendport reload`";

    private static Setup setup(String... arguments) {
        Setup setup = new Setup();
        CommandLine line = new CommandLine(new Command());
        line.addMixin("setup", setup);
        line.parseArgs(arguments);
        return setup;
    }

    @CommandLine.Command
    private static final class Command {}

    @Test
    void completesPrintedCommandsWithTheConfigurationThatWasGiven() {
        assertThat(setup("-c", "my files/$1.xml").commandsIn(TEXT))
                .isEqualTo("Run `sendport doctor --port P -c 'my files/$1.xml'`; then"
                        + " `sendport reload -c 'my files/$1.xml'`");
        assertThat(setup().commandsIn(TEXT)).isEqualTo(TEXT);
    }
}
