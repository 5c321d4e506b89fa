package io.sendport.support.text;

import java.util.Optional;
import java.util.function.IntPredicate;

/** Makes untrusted text safe for errors, logs and terminals: it cannot forge a line, change the text before it, or grow to megabytes. */
public final class Text {

    private static final int MAX_LENGTH = 200;

    private Text() {}

    /** {@code text} as {@link #visible} shows it, cut after 200 characters. */
    public static String printable(String text) {
        return printable(text, MAX_LENGTH);
    }

    /** As {@link #printable(String)}, cut after {@code longest} characters. */
    public static String printable(String text, int longest) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), longest) + 16);
        int end = Math.min(text.length(), longest);
        int i = 0;
        while (i < end) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (isHarmful(character)) {
                for (char c : Character.toChars(character)) {
                    shown.append(String.format("\\u%04X", (int) c));
                }
            } else {
                shown.appendCodePoint(character);
            }
        }
        if (end < text.length()) {
            shown.append("... (").append(text.length()).append(" characters)");
        }
        return shown.toString();
    }

    /**
     * The whole {@code text} in one line. Control characters, format characters (which change the direction of the following text or are
     * invisible), line separators and lone surrogates are shown as {@code \}{@code uXXXX}. In a JSON text this is the same value.
     */
    public static String visible(String text) {
        return text.codePoints().noneMatch(Text::isHarmful) ? text : printable(text, Integer.MAX_VALUE);
    }

    /**
     * The first character of {@code text} that {@code refused} accepts, such as {@code the character U+000A at position 7}; empty when
     * there is none. Does not quote the text, which may be secret.
     */
    public static Optional<String> locate(String text, IntPredicate refused) {
        int position = 1;
        for (int i = 0; i < text.length(); position++) {
            int character = text.codePointAt(i);
            if (refused.test(character)) {
                String kind = Character.getType(character) == Character.SURROGATE ? "unpaired surrogate" : "character";
                return Optional.of(String.format("the %s U+%04X at position %d", kind, character, position));
            }
            i += Character.charCount(character);
        }
        return Optional.empty();
    }

    /** A number with its noun: {@code 1 message}, {@code 2 messages}. */
    public static String counted(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /**
     * An enum constant as users, configurations, metrics and JSON spell it: {@code IN_DOUBT} is {@code inDoubt}. Every enum word that
     * leaves the program comes from here.
     */
    public static String word(Enum<?> constant) {
        String name = constant.name();
        StringBuilder word = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != '_') {
                boolean begins = i > 0 && name.charAt(i - 1) == '_';
                word.append(begins ? name.charAt(i) : Character.toLowerCase(name.charAt(i)));
            }
        }
        return word.toString();
    }

    /** Whether a character can change how text is shown: control, format, line separator, lone surrogate. */
    public static boolean isHarmful(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
