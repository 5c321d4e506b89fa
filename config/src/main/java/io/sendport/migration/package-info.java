/** Turns exports of BizTalk and SSIS into a configuration. Nothing else in the product depends on this package. */
@NullMarked
package io.sendport.migration;

import org.jspecify.annotations.NullMarked;
