/** The commands under {@code sendport store}. */
@org.jspecify.annotations.NullMarked
package io.sendport.cli.store;
