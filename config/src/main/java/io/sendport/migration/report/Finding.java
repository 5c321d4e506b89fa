package io.sendport.migration.report;

/**
 * What became of one thing.
 *
 * @param rule which rule of the mapping it is
 * @param file the file
 * @param line where, from 1
 * @param column where, from 1
 * @param path the thing within its element, such as {@code TransportTypeData/CustomProps/Subject}
 * @param value what it was; masked where it may be secret, and cut
 * @param target what it is now; may be empty
 * @param message what somebody should know; may be empty
 * @param advice what to do; may be empty
 * @param port the port written that it belongs to; may be empty
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
