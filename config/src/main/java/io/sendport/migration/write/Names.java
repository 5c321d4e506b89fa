package io.sendport.migration.write;

import io.sendport.support.FileName;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Converts names of other products to names that Sendport allows. Returns each name only once. Not thread-safe. */
public final class Names {

    private static final int MAX_LENGTH = 100;

    private final Set<String> taken = new HashSet<>();

    /** A name for a port, host, group or pipeline. */
    public String name(String source) {
        String clean = source.replaceAll("[^\\p{L}\\p{Nd}._ \\-]", "_");
        clean = clean.replaceAll("^[^\\p{L}\\p{Nd}]+", "");
        clean = cut(clean, MAX_LENGTH).replaceAll("[^\\p{L}\\p{Nd}]+$", "");
        return unique(clean.isEmpty() ? "unnamed" : clean, " ", MAX_LENGTH);
    }

    /** The name of a file with that path, without its folders. */
    public String file(String path) {
        String name =
                FileName.of(path).replaceAll("[^\\p{L}\\p{Nd}._ \\-]", "_").strip();
        name = cut(name.replaceAll("^\\.+", ""), MAX_LENGTH);
        if (name.isEmpty()) {
            name = "file";
        }
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String ending = dot > 0 ? name.substring(dot) : "";
        String found = name;
        for (int i = 2; !taken.add(found.toLowerCase(Locale.ROOT)); i++) {
            found = stem + "-" + i + ending;
        }
        return found;
    }

    /** {@code name}, with a number appended when it is already in use. */
    public String unique(String name) {
        return unique(name, "_", 2 * MAX_LENGTH);
    }

    private String unique(String name, String between, int longest) {
        String found = name;
        for (int i = 2; !taken.add(found); i++) {
            String ending = between + i;
            found = cut(name, longest - ending.length()) + ending;
        }
        return found;
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }

    /** An environment variable name: capitals, digits and underscores. The same parts give the same name. */
    public static String variable(String... parts) {
        String name = String.join("_", parts).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        return cut(Character.isDigit(name.charAt(0)) ? "_" + name : name, MAX_LENGTH);
    }

    /** A property name of the configuration. The same parts give the same name. */
    public static String property(String... parts) {
        return cut(String.join(".", parts).replaceAll("[^\\p{L}\\p{Nd}._\\-]", "_"), 2 * MAX_LENGTH);
    }
}
