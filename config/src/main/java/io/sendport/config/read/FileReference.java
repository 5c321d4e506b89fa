package io.sendport.config.read;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The text after {@code file:} in a placeholder {@code {{file:PATH}}} or {@code {{file:PATH:DEFAULT}}}. Immutable; null is never allowed.
 *
 * @param path the path of the file, as written
 * @param otherwise the default when the file does not exist; empty when the file must exist
 */
public record FileReference(String path, Optional<String> otherwise) {

    /** Parses {@code PATH} or {@code PATH:DEFAULT}. */
    public static FileReference parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new FileReference(text, Optional.empty())
                : new FileReference(text.substring(0, colon), Optional.of(text.substring(colon + 1)));
    }

    /** The file; a relative path starts from {@code folder}. */
    public Path file(Path folder) {
        return folder.resolve(path).normalize();
    }

    /** The same reference with its path resolved against {@code folder}. */
    public FileReference from(Path folder) {
        return new FileReference(file(folder).toString(), otherwise);
    }

    /** As written. */
    @Override
    public String toString() {
        return path + otherwise.map(text -> ":" + text).orElse("");
    }
}
