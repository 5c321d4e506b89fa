package io.sendport.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommonOptionsTest {

    private static final String TEXT = "Run `sendport doctor --port P`; then `sendport reload`";

    private static CommonOptions setup(String... arguments) {
        CommonOptions setup = new CommonOptions();
        CommandLine line = new CommandLine(new Command());
        line.addMixin("setup", setup);
        line.parseArgs(arguments);
        return setup;
    }

    @CommandLine.Command
    private static final class Command {}

    @Test
    void addsTheGivenConfigurationToPrintedCommands() {
        assertThat(setup("-c", "my files/$1.xml").commandsIn(TEXT))
                .isEqualTo("Run `sendport doctor --port P -c 'my files/$1.xml'`; then"
                        + " `sendport reload -c 'my files/$1.xml'`");
        assertThat(setup().commandsIn(TEXT)).isEqualTo(TEXT);
    }
}
