/**
 * The command line, as docs/command-line.md promises it: a class for each group of commands. Results go to standard output,
 * everything else to standard error. What a command does is done by the other packages.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.cli;
