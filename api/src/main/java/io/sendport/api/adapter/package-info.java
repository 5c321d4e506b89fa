/**
 * The contract of send adapters: one sealed delivery goes in, a result for each recipient comes out. What a server can say is a
 * value; an exception is a bug or a broken environment.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.adapter;
