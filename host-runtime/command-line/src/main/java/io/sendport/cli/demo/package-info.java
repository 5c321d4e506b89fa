/** {@code sendport demo}: creates a folder with an example and runs a relay that shows its mail. */
@org.jspecify.annotations.NullMarked
package io.sendport.cli.demo;
