/** Authentication and authorization: roles, tokens, sessions, and the gate that every request passes. */
@NullMarked
package io.sendport.console.access;

import org.jspecify.annotations.NullMarked;
