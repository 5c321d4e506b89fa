/** Imports bindings of BizTalk Server. */
@NullMarked
package io.sendport.migration.biztalk;

import org.jspecify.annotations.NullMarked;
