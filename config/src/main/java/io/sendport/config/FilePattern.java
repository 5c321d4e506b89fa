package io.sendport.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A file name, or a pattern such as {@code ports/*.xml} with wildcards in its last element. Immutable; null is never allowed.
 *
 * @param folder the folder that a relative name starts from
 * @param pattern as written
 */
public record FilePattern(Path folder, String pattern) {

    /**
     * The files that currently match, sorted by name. A plain name is returned whether or not the file exists.
     *
     * @throws IOException when the folder cannot be listed
     */
    public List<Path> files() throws IOException {
        if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
            return List.of(folder.resolve(pattern).normalize());
        }
        int slash = pattern.lastIndexOf('/');
        Path in = folder.resolve(pattern.substring(0, slash + 1)).normalize();
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(in, pattern.substring(slash + 1))) {
            files.forEach(found::add);
        }
        Collections.sort(found);
        return found;
    }
}
