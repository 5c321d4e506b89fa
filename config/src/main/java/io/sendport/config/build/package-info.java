/**
 * Builds a configuration in Java instead of XML. Start at {@link io.sendport.config.build.SendportConfiguration#builder()}.
 *
 * <p>The builders create the same tree of elements as a configuration file, and the same rules check it. For elements and attributes
 * without their own method, use {@link io.sendport.config.build.ElementBuilder#add add} and {@link
 * io.sendport.config.build.ElementBuilder#set(String, String) set} with the names in docs/configuration.md. A problem has its position as a
 * path of elements, such as {@code sendPort "Invoices" > smtp}.
 *
 * <p>Values are literal: placeholders <code>{{name}}</code> work only in files. Macros {@code %Name%} work as in files. Null is never
 * allowed. Builders are not thread-safe; the configuration that they build is immutable.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.config.build;
