/** What an operator does to a whole store that no process runs on: to copy it to another, and to restore a backup. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.operate.store;
