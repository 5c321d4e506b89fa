package io.sendport.api.settings;

import java.nio.file.Path;

/**
 * Where a setting was written.
 *
 * @param file the configuration file; paths in the setting are relative to its folder
 * @param line from 1; 0 when the setting was not written in a file
 * @param column from 1; 0 when not known
 */
public record Origin(Path file, int line, int column) {

    /** The folder that relative paths are relative to. */
    public Path folder() {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /** {@code file:line:column}, as compilers and editors write it. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
