/** Operations on a whole store while no process uses it: moving it to another database, and restoring a backup. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.operate.store;
