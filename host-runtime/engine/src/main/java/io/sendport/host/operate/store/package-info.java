/** Operations on a whole store that no process uses: copying it to another, and restoring a backup. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.operate.store;
