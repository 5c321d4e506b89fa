package io.sendport.api.settings;

import java.nio.file.Path;

/**
 * Where a setting was written.
 *
 * @param file the configuration file; paths in the setting are relative to its folder
 * @param line from 1; 0 when the setting was not written in a file. With {@code path}: the number of the element
 * @param column from 1; 0 when not known
 * @param path of the element in a configuration that a program built, such as {@code sendPort "Invoices" > smtp}; empty for a file
 */
public record Origin(Path file, int line, int column, String path) {

    /** A place in a file. */
    public Origin(Path file, int line, int column) {
        this(file, line, column, "");
    }

    /** The folder that relative paths are relative to. */
    public Path folder() {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /** {@code file:line:column}, as compilers and editors write it; the file alone when the line is 0; else the path. */
    @Override
    public String toString() {
        if (!path.isEmpty()) {
            return path;
        }
        return line == 0 ? file.toString() : file + ":" + line + ":" + column;
    }
}
