/** The output of commands: tables, terminal text without control characters, exit status and version. */
@org.jspecify.annotations.NullMarked
package io.sendport.cli.output;
