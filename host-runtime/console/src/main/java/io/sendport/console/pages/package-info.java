/** The web console. The server renders its pages, which are readable without scripts. */
@NullMarked
package io.sendport.console.pages;

import org.jspecify.annotations.NullMarked;
