/**
 * What a component or adapter is told by the configuration: attributes with their origin, nested elements, and the problems a
 * factory finds in them. The host adds file, line and column.
 *
 * <p>Promised: nothing here changes its meaning or goes away within a major version.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.settings;
