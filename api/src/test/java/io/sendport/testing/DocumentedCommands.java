package io.sendport.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that a text shows, in backticks or on lines of their own. */
public final class DocumentedCommands {

    private static final Pattern COMMAND =
            Pattern.compile("`sendport ([a-z][^`]*)`|^ {4,}sendport ([a-z].*)$", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private DocumentedCommands() {}

    /** Each without {@code sendport}. */
    public static List<String> of(String text) {
        List<String> all = new ArrayList<>();
        Matcher commands = COMMAND.matcher(text);
        while (commands.find()) {
            all.add(commands.group(1) == null ? commands.group(2) : commands.group(1));
        }
        return all;
    }

    /** The first that begins so, with the port and the message that are meant in place of the text's own. */
    public static List<String> of(String text, String start, String port, String id) {
        String command = of(text).stream()
                .filter(each -> each.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("sendport " + start));
        return words(command).stream()
                .map(word -> word.equals("Invoices") ? port : word.equals("ID") ? id : word)
                .toList();
    }

    /** What the shell makes of a command. Text behind three spaces explains it, and a shell takes what is behind an angle bracket. */
    public static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command.strip().replaceFirst("(?: {3,}| > ).*", ""));
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        return words;
    }
}
