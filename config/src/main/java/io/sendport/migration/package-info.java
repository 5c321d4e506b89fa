/** Converts exports of BizTalk and SSIS to a configuration. Nothing else in the product depends on this package. */
@NullMarked
package io.sendport.migration;

import org.jspecify.annotations.NullMarked;
