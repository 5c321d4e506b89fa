/** Options and arguments that several commands share, and how a user writes times and files. */
@org.jspecify.annotations.NullMarked
package io.sendport.cli.option;
