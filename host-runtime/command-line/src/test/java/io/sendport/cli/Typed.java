package io.sendport.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.sendport.testing.DocumentedCommands;
import java.util.List;

/** A command line as an operator types it. */
final class Typed {

    private Typed() {}

    /** Looks whether {@code command}, without {@code sendport}, is understood. */
    static void requireUnderstood(String command) {
        List<String> words = DocumentedCommands.words(command);
        assertThatCode(() -> SendportCommand.line(words.get(0)).parseArgs(words.toArray(String[]::new)))
                .as("sendport " + command)
                .doesNotThrowAnyException();
    }
}
