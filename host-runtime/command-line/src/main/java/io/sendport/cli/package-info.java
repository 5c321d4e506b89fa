/**
 * The command line that docs/command-line.md describes, with one class for each group of commands. Results go to standard output,
 * everything else goes to standard error. Other packages do the work.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.cli;
