/**
 * What a component or adapter is told by the configuration: attributes with their origin, nested elements, and the problems a
 * factory finds in them. The host adds file, line and column.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.settings;
