/** The web console: pages that the server makes, for reading without scripts. */
@NullMarked
package io.sendport.console.pages;

import org.jspecify.annotations.NullMarked;
