package io.sendport.host.operate;

import java.nio.charset.StandardCharsets;

/** File names derived from names in a message: one path segment that every file system accepts. */
public final class SafeFileName {

    /** The limit of file systems, in bytes of UTF-8. */
    private static final int MAX_LENGTH = 255;
    /** The text after the last dot counts as an extension up to this length, in bytes. */
    private static final int MAX_EXTENSION = 32;

    private SafeFileName() {}

    /**
     * {@code prefix} and {@code name}, at most 255 bytes of UTF-8. Letters, digits, dots, underscores and hyphens stay; any other
     * character becomes an underscore. A name that is too long is shortened before its extension.
     *
     * @param prefix ASCII, distinguishes equal names
     */
    public static String of(String prefix, String name) {
        String clean = name.replaceAll("[^\\p{L}\\p{Nd}._-]", "_");
        int room = MAX_LENGTH - prefix.length();
        if (bytes(clean) <= room) {
            return prefix + clean;
        }
        int dot = clean.lastIndexOf('.');
        String extension = dot > 0 && bytes(clean.substring(dot)) <= MAX_EXTENSION ? clean.substring(dot) : "";
        String stem = clean.substring(0, clean.length() - extension.length());
        return prefix + cut(stem, room - bytes(extension)) + extension;
    }

    /** The name for a locale that supports only ASCII. */
    static String ascii(String name) {
        return name.replaceAll("[^\\p{ASCII}]", "_");
    }

    private static String cut(String text, int maxBytes) {
        int end = 0;
        int used = 0;
        while (end < text.length()) {
            int letter = text.codePointAt(end);
            used += bytes(Character.toString(letter));
            if (used > maxBytes) {
                break;
            }
            end += Character.charCount(letter);
        }
        return text.substring(0, end);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
