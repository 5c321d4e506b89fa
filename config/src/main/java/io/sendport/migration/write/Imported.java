package io.sendport.migration.write;

import io.sendport.migration.report.Report;
import java.util.Map;

/**
 * What came of an import.
 *
 * @param configuration the text of {@code sendport.xml}
 * @param report what became of everything
 * @param files further files by their path in the output folder: skeletons of components to be ported
 */
public record Imported(String configuration, Report report, Map<String, String> files) {

    /** Copies the files. */
    public Imported {
        files = Map.copyOf(files);
    }
}
