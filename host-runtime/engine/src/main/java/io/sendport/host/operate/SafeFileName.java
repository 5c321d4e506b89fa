package io.sendport.host.operate;

import java.nio.charset.StandardCharsets;

/** Derives file names from names in a message. The result is one path segment that every file system accepts. */
public final class SafeFileName {

    /** The maximum length on common file systems, in bytes of UTF-8. */
    private static final int MAX_LENGTH = 255;
    /** The maximum length of an extension with its dot, in bytes. A longer text after the last dot is part of the name. */
    private static final int MAX_EXTENSION = 32;

    private SafeFileName() {}

    /**
     * Returns {@code prefix} followed by {@code name}, at most 255 bytes of UTF-8. Letters, digits, dots, underscores and hyphens stay; any
     * other character becomes an underscore. A name that is too long is cut before its extension.
     *
     * @param prefix ASCII text that makes equal names different
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

    /** Replaces all characters outside ASCII by underscores, for a locale that supports only ASCII. */
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
