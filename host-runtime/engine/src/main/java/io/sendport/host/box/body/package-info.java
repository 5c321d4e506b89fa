/** Bodies as the store has them: cut, compressed, and encrypted with keys of their own. What is public beside the keys is internal to {@code box}. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.box.body;
