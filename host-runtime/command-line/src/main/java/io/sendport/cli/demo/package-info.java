/** {@code sendport demo}: a folder with an example and a relay that shows its mail. */
@org.jspecify.annotations.NullMarked
package io.sendport.cli.demo;
