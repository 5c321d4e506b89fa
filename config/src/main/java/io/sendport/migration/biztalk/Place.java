package io.sendport.migration.biztalk;

import io.sendport.migration.source.Node;

/**
 * Where a report says that a setting is.
 *
 * @param file its name as given on the command line
 * @param at the element
 * @param path how reports name the setting within the element
 */
record Place(String file, Node at, String path) {}
