package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;

/**
 * The position of a setting, for reports.
 *
 * @param file the name of the file as given on the command line
 * @param at the element
 * @param path the path of the setting within the element
 */
record Place(String file, Node at, String path) {}
