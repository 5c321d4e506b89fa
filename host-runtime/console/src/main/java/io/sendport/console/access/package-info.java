/** Who asks, and what they may do: roles, tokens, and the gate that every request passes. */
@NullMarked
package io.sendport.console.access;

import org.jspecify.annotations.NullMarked;
