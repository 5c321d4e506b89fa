/** The JSON in columns of the store, as each is written and read back. Internal to {@code box}. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.json;
