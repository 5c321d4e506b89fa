/** Reads and writes the JSON in columns of the store. Internal to {@code box}. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.json;
