package io.sendport.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command line as an operator types it. */
final class Typed {

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private Typed() {}

    /** Looks whether {@code command}, without {@code sendport}, is understood. Text behind three spaces explains it, and a shell takes what is behind an angle bracket. */
    static void requireUnderstood(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command.strip().replaceFirst("(?: {3,}| > ).*", ""));
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        assertThatCode(() -> SendportCommand.line(words.get(0)).parseArgs(words.toArray(String[]::new)))
                .as("sendport " + command)
                .doesNotThrowAnyException();
    }
}
