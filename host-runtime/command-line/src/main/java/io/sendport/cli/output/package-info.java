/** What a command prints: tables, terminal text without control characters, the exit status, the version. */
@org.jspecify.annotations.NullMarked
package io.sendport.cli.output;
