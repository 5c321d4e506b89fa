package io.sendport.migration.report;

/**
 * The result for one setting of the input.
 *
 * @param rule the rule of the mapping
 * @param file the file
 * @param line the line, from 1
 * @param column the column, from 1
 * @param path the thing within its element, such as {@code TransportTypeData/CustomProps/Subject}
 * @param value the original value; masked where it may be secret, and cut
 * @param target the new value; may be empty
 * @param message additional information; may be empty
 * @param advice what to do; may be empty
 * @param port the written port that it belongs to; may be empty
 */
public record Finding(
        Rule rule,
        String file,
        int line,
        int column,
        String path,
        String value,
        String target,
        String message,
        String advice,
        String port) {}
