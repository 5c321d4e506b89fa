package io.sendport.config.read;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a placeholder {@code {{file:PATH}}} or {@code {{file:PATH:DEFAULT}}} says after {@code file:}. Immutable; null is never allowed.
 *
 * @param path of the file, as it is written
 * @param otherwise what counts where there is no such file; empty where it has to be there
 */
public record FileReference(String path, Optional<String> otherwise) {

    /** Reads {@code PATH} or {@code PATH:DEFAULT}. */
    public static FileReference parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new FileReference(text, Optional.empty())
                : new FileReference(text.substring(0, colon), Optional.of(text.substring(colon + 1)));
    }

    /** The file, a relative path from {@code folder} on. */
    public Path file(Path folder) {
        return folder.resolve(path).normalize();
    }

    /** The same with a path from {@code folder} on. */
    public FileReference from(Path folder) {
        return new FileReference(file(folder).toString(), otherwise);
    }

    /** As it is written. */
    @Override
    public String toString() {
        return path + otherwise.map(text -> ":" + text).orElse("");
    }
}
