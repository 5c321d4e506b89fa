package io.sendport.api.message;

/** Shows foreign text in errors and logs so that it can neither forge a line nor run to megabytes. */
public final class Text {

    private static final int LONGEST = 200;

    private Text() {}

    /**
     * {@code text} with control characters, line separators and lone surrogates shown as {@code \}{@code uXXXX}, cut after 200
     * characters.
     */
    public static String printable(String text) {
        return printable(text, LONGEST);
    }

    /** As {@link #printable(String)}, cut after {@code longest} characters. */
    public static String printable(String text, int longest) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), longest) + 16);
        int end = Math.min(text.length(), longest);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                shown.append(c).append(text.charAt(++i));
            } else if (isHarmful(c)) {
                shown.append(String.format("\\u%04X", (int) c));
            } else {
                shown.append(c);
            }
        }
        if (end < text.length()) {
            shown.append("... (").append(text.length()).append(" characters)");
        }
        return shown.toString();
    }

    private static boolean isHarmful(char c) {
        return Character.isISOControl(c)
                || Character.isSurrogate(c)
                || Character.getType(c) == Character.FORMAT
                || c == '\u2028'
                || c == '\u2029';
    }
}
