package io.sendport.migration.report;

import java.util.List;

/**
 * A port that was written.
 *
 * @param name its name now
 * @param source its name in the file; of SSIS the task's path
 * @param file the file
 * @param line where its start tag is
 * @param column where its start tag is
 * @param host its host
 * @param fedBy who sent to it, one text each
 */
public record PortLine(String name, String source, String file, int line, int column, String host, List<String> fedBy) {

    /** Copies the list. */
    public PortLine {
        fedBy = List.copyOf(fedBy);
    }
}
