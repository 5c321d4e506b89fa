package io.sendport.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Looks for a text in every byte of every file below a folder. */
public final class Leftovers {

    private Leftovers() {}

    /** The files that hold {@code text}. */
    public static List<Path> of(String text, Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (holds(file, text)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    /** Those of {@code texts} that a file holds. */
    public static List<String> any(Collection<String> texts, Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = bytes(file);
                texts.stream().filter(bytes::contains).forEach(found::add);
            }
        }
        return found;
    }

    private static boolean holds(Path file, String text) throws IOException {
        return bytes(file).contains(text);
    }

    private static String bytes(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
