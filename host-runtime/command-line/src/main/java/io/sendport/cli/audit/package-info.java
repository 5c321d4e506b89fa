/** The commands under {@code sendport audit}. */
@org.jspecify.annotations.NullMarked
package io.sendport.cli.audit;
