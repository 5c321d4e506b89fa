/** The log of the distribution, which Logback asks for by name. */
@org.jspecify.annotations.NullMarked
package io.sendport.cli.log;
