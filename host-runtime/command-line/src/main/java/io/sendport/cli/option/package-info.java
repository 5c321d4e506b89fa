/** Options and arguments that several commands share, including the syntax of times and files. */
@org.jspecify.annotations.NullMarked
package io.sendport.cli.option;
