package io.sendport.migration.write;

import io.sendport.migration.report.Report;
import java.util.Map;

/**
 * The result of an import.
 *
 * @param configuration the text of {@code sendport.xml}
 * @param report what happened to everything in the files
 * @param files further files by their path in the output folder: skeletons of components that must be ported
 */
public record Imported(String configuration, Report report, Map<String, String> files) {

    /** Copies the files. */
    public Imported {
        files = Map.copyOf(files);
    }
}
