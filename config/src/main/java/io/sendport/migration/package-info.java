/** Turns what BizTalk and SSIS export into a configuration. Nothing else in the product depends on it. */
@NullMarked
package io.sendport.migration;

import org.jspecify.annotations.NullMarked;
