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
 * A file that the configuration names, with macros in its path. A value is part of one name in the path. The file must be in the folder
 * that the configuration names before the first value. Immutable.
 */
public final class FileTemplate {

    private static final String NOT_IN_NAMES = "/\\:";

    private final Path base;
    private final Optional<Path> folder;
    /** The leading path names that contain no value of a message. */
    private final List<MacroText> fixed;
    /** The remaining path names: the file, and any folders before it whose names contain a value of a message. */
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
     * The file of a message.
     *
     * @param path the path as configuration and values give it
     * @param real the path without symbolic links
     */
    public record Found(Path path, Path real) {}

    /**
     * The template of an element with the attribute {@code file}, and optionally {@code folder}. Paths are relative to their configuration
     * file; {@code file} is relative to {@code folder} where there is one.
     *
     * @throws IllegalArgumentException when a message chooses the file but no folder is named that must contain it
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
            throw new IllegalArgumentException("the file is not in folder");
        }
        Optional<Macro> chooser = names.get(0).foreign();
        if (chooser.isEmpty()) {
            return;
        }
        // The folder of the configuration and the folders above it hold files that a message must not read.
        if (folder.isEmpty() && base.startsWith(root)) {
            throw new IllegalArgumentException("the path starts with the macro " + chooser.get()
                    + ", so a message could choose any file; name a folder for such files before the macro");
        }
        for (MacroText name : names) {
            if (isOtherFolder(name.expand(macro -> "x"))) {
                throw new IllegalArgumentException("after a macro, the path continues with \"" + name
                        + "\"; use the name of a file or folder there");
            }
        }
    }

    /** Whether every message has the same file, apart from message id and time. */
    public boolean isFixed() {
        return names.get(0).foreign().isEmpty();
    }

    /** The path, when it contains no macro. */
    public Optional<Path> literal() {
        boolean perMessage = Stream.concat(fixed.stream(), names.stream())
                .anyMatch(name -> !name.macros().isEmpty());
        return perMessage
                ? Optional.empty()
                : Optional.of(resolved(root(Macro::toString), names.get(0).expand(Macro::toString))
                        .normalize());
    }

    /**
     * Whether the file must be in the folder even after symbolic links are followed. That is so when a message chooses the file, or when
     * {@code folder} is given.
     */
    public boolean isConfined() {
        return folder.isPresent() || !isFixed();
    }

    /** The folder that the configuration names, for people. Macros for message id and time are not expanded. */
    public Path shownFolder() {
        return folder.orElse(root(Macro::toString));
    }

    /**
     * The file of a message. It exists, is a regular file, and is in its folder.
     *
     * @param values returns the value of each macro; its exceptions are passed on
     * @throws IllegalArgumentException when a value is not allowed in a file name, or the file is not a regular file or is in another
     *     folder; the message names the macro and does not quote the value
     * @throws java.nio.file.NoSuchFileException when the file does not exist
     * @throws IOException when the file cannot be accessed; the message may contain the path
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
            throw new IllegalArgumentException(
                    "the values of the macros lead to another folder, because a part of the path is empty or has only dots"
                            + " and spaces; each part must name a file or folder");
        }
        return name;
    }

    /**
     * Whether the name consists of dots and spaces only. Windows strips spaces and dots from the end of a name, and the rest may lead to a
     * parent folder.
     */
    private static boolean isOtherFolder(String name) {
        return name.chars().allMatch(c -> c == '.' || c == ' ');
    }

    private static String checked(Macro macro, String value) {
        Text.locate(value, c -> NOT_IN_NAMES.indexOf(c) >= 0 || Text.isHarmful(c))
                .ifPresent(found -> {
                    throw new IllegalArgumentException(
                            "the value of " + macro + " has " + found + ", which is not allowed in the name of a file");
                });
        return value;
    }

    private static Path resolved(Path folder, String name) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            // The exception quotes the value, which belongs to the message. Its reason does not.
            throw new IllegalArgumentException(
                    "this operating system does not allow the path, with the values of its macros: " + e.getReason());
        }
    }
}
