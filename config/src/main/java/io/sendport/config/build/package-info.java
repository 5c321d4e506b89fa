/**
 * A configuration in Java instead of XML: {@link io.sendport.config.build.SendportConfiguration#builder()}.
 *
 * <p>The builders write the tree of elements that a file has, and the reader of files checks it: the schema, and then what the
 * elements mean together. So there is one set of rules, and what a builder cannot say with a method of its own it says with
 * {@link io.sendport.config.build.ElementBuilder#set(String, String) set} and {@link io.sendport.config.build.ElementBuilder#add add},
 * by the names in docs/configuration.md. A problem names its place as a path of elements, such as {@code sendPort "Invoices" > smtp}.
 *
 * <p>Values are literal: placeholders <code>{{name}}</code> are for files. Macros {@code %Name%} are as in files. Null is never allowed. A
 * builder is for one thread; what it builds is immutable.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.config.build;
