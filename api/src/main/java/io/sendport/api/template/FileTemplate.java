package io.sendport.api.template;

import io.sendport.api.settings.Settings;
import io.sendport.api.template.MacroText.Literal;
import io.sendport.api.template.MacroText.Macro;
import io.sendport.api.template.MacroText.Piece;
import io.sendport.support.text.Text;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A file that the configuration names, with macros in its path. A value is a part of one name in the path, and the file lies in the
 * folder that the configuration names before the first value. Immutable.
 */
public final class FileTemplate {

    private static final String NOT_IN_NAMES = "/\\:";

    private final Path base;
    private final Optional<Path> folder;
    /** Without a value of a message. */
    private final List<MacroText> fixed;
    /** The name of the file, and of folders before it whose names a message has a part in. */
    private final List<MacroText> names;

    private FileTemplate(Path base, Optional<Path> folder, List<MacroText> segments) {
        this.base = base;
        this.folder = folder;
        int end = 0;
        while (end < segments.size() - 1 && segments.get(end).foreign().isEmpty()) {
            end++;
        }
        fixed = segments.subList(0, end);
        names = segments.subList(end, segments.size());
    }

    /**
     * A file as a message finds it.
     *
     * @param path as the configuration and the values say
     * @param real without symbolic links
     */
    public record Found(Path path, Path real) {}

    /**
     * The template of an element with the attribute {@code file}, and {@code folder} where it has one. Paths are relative to the
     * configuration file they stand in, {@code file} to {@code folder} where there is one.
     *
     * @throws IllegalArgumentException when a message chooses the file and no folder is named that it has to lie in
     */
    public static FileTemplate of(Settings element) {
        Optional<Path> folder =
                element.path("folder").map(path -> path.toAbsolutePath().normalize());
        Path base = folder.orElse(element.originOf("file").folder().normalize());
        FileTemplate template = new FileTemplate(base, folder, segments(MacroText.parse(element.require("file"))));
        template.requireFolder();
        return template;
    }

    /** The file in {@code folder} whose name is the value of {@code macro}. */
    public static FileTemplate in(Path folder, Macro macro) {
        Path base = folder.toAbsolutePath().normalize();
        return new FileTemplate(base, Optional.of(base), List.of(new MacroText(List.of(macro))));
    }

    private static List<MacroText> segments(MacroText text) {
        List<MacroText> segments = new ArrayList<>();
        List<Piece> segment = new ArrayList<>();
        for (Piece piece : text.pieces()) {
            if (piece instanceof Literal literal) {
                String rest = literal.text();
                for (int end; (end = separator(rest)) >= 0; rest = rest.substring(end + 1)) {
                    segment.add(new Literal(rest.substring(0, end)));
                    segments.add(new MacroText(segment));
                    segment.clear();
                }
                segment.add(new Literal(rest));
            } else {
                segment.add(piece);
            }
        }
        segments.add(new MacroText(segment));
        return segments;
    }

    private static int separator(String text) {
        int slash = text.indexOf('/');
        int own = text.indexOf(File.separatorChar);
        return slash < 0 || (own >= 0 && own < slash) ? own : slash;
    }

    private void requireFolder() {
        Path root = root(macro -> "x");
        if (folder.isPresent() && !root.startsWith(folder.get())) {
            throw new IllegalArgumentException("the file does not lie in folder");
        }
        Optional<Macro> chooser = names.get(0).foreign();
        if (chooser.isEmpty()) {
            return;
        }
        // The folder of the configuration, and all above it, hold more than what a message may have.
        if (folder.isEmpty() && base.startsWith(root)) {
            throw new IllegalArgumentException("a message chooses the file by " + chooser.get()
                    + ", and the path names no folder of its own for it");
        }
        for (MacroText name : names) {
            if (isOtherFolder(name.expand(macro -> "x"))) {
                throw new IllegalArgumentException(
                        "behind a macro, the path goes on with \"" + name + "\" instead of a name");
            }
        }
    }

    /** Whether every message has the same file, but for message id and time. */
    public boolean isFixed() {
        return names.get(0).foreign().isEmpty();
    }

    /** The path, where there is no macro in it. */
    public Optional<Path> literal() {
        boolean perMessage = Stream.concat(fixed.stream(), names.stream())
                .anyMatch(name -> !name.macros().isEmpty());
        return perMessage
                ? Optional.empty()
                : Optional.of(resolved(root(Macro::toString), names.get(0).expand(Macro::toString))
                        .normalize());
    }

    /** Whether the file has to lie in the folder, whatever symbolic links say: where a message chooses it, or {@code folder} is given. */
    public boolean isConfined() {
        return folder.isPresent() || !isFixed();
    }

    /** The folder that the configuration names, for people: macros for message id and time have no values here. */
    public Path shownFolder() {
        return folder.orElse(root(Macro::toString));
    }

    /**
     * The file of a message; one that is there, regular, and in its folder.
     *
     * @param values gives each macro its value; what it throws is passed on
     * @throws IllegalArgumentException when a value can't stand in a file name, or the file is not a regular one or lies elsewhere; with
     *     the macro and without the value
     * @throws java.nio.file.NoSuchFileException when there is no such file
     * @throws IOException when it can't be looked at; the message may hold the path
     */
    public Found find(Function<Macro, String> values) throws IOException {
        Path root = root(values);
        Path path = root;
        for (MacroText name : names) {
            path = resolved(path, name(name, values));
        }
        Path real = path.toRealPath();
        if (isConfined() && !real.startsWith(folder.orElse(root).toRealPath())) {
            throw new IllegalArgumentException("a symbolic link leads out of the folder");
        }
        if (!Files.isRegularFile(real)) {
            throw new IllegalArgumentException("it is not a regular file");
        }
        return new Found(path, real);
    }

    /** The folder that the configuration names. */
    private Path root(Function<Macro, String> values) {
        StringBuilder text = new StringBuilder();
        fixed.forEach(name -> text.append(name.expand(values)).append(File.separatorChar));
        return resolved(base, text.toString()).normalize();
    }

    private static String name(MacroText segment, Function<Macro, String> values) {
        String name = segment.expand(macro -> checked(macro, values.apply(macro)));
        if (segment.foreign().isPresent() && isOtherFolder(name)) {
            throw new IllegalArgumentException("the values name another folder instead of a file or folder in it");
        }
        return name;
    }

    /** Dots and spaces alone: Windows takes spaces and dots off the end of a name, and what is left may lead up. */
    private static boolean isOtherFolder(String name) {
        return name.chars().allMatch(c -> c == '.' || c == ' ');
    }

    private static String checked(Macro macro, String value) {
        int position = 1;
        for (int i = 0; i < value.length(); position++) {
            int c = value.codePointAt(i);
            String text = Character.toString(c);
            if (NOT_IN_NAMES.indexOf(c) >= 0 || !Text.printable(text).equals(text)) {
                throw new IllegalArgumentException(String.format(
                        "the value of %s has the character U+%04X at position %d, which is not allowed in the name of a file",
                        macro, c, position));
            }
            i += Character.charCount(c);
        }
        return value;
    }

    private static Path resolved(Path folder, String name) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            // The exception quotes the value, which belongs to the message; its reason does not.
            throw new IllegalArgumentException("the values make no name that a file can have here: " + e.getReason());
        }
    }
}
