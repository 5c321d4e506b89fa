/**
 * The contract of send adapters: one sealed delivery goes in, a result for each recipient comes out. What the other side can say is a
 * value; an exception is a bug or a broken environment. Nothing here belongs to one protocol. Promised: nothing here changes its meaning or goes
 * away within a major version.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.api.adapter;
