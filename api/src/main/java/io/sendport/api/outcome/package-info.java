/** What became of submitted messages, for the applications that submitted them. */
@NullMarked
package io.sendport.api.outcome;

import org.jspecify.annotations.NullMarked;
