/** Bodies in the store, split into chunks and encrypted. Except for the keys, the public types are internal to {@code box}. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.body;
