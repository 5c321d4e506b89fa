/**
 * All operations that a person or a program can do with Sendport, as a Java API: they take values and return records. The command line and
 * the HTTP API use this package. It does not print, prompt or implement a protocol. Each act names its actor.
 */
@NullMarked
package io.sendport.host.operate;

import org.jspecify.annotations.NullMarked;
