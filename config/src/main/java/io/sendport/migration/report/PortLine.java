package io.sendport.migration.report;

import java.util.List;

/**
 * A port that was written.
 *
 * @param name its new name
 * @param source its name in the file; for SSIS the path of the task
 * @param file the file
 * @param line the line of its start tag
 * @param column the column of its start tag
 * @param host its host
 * @param fedBy its senders, one text each
 */
public record PortLine(String name, String source, String file, int line, int column, String host, List<String> fedBy) {

    /** Copies the list. */
    public PortLine {
        fedBy = List.copyOf(fedBy);
    }
}
