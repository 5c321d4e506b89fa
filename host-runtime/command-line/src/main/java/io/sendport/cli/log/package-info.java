/** The logging configuration of the distribution. Logback finds it as a service provider. */
@org.jspecify.annotations.NullMarked
package io.sendport.cli.log;
