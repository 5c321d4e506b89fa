/**
 * Conditions that operators should know, with their severity and texts. Contains only values and pure functions: no clock, no store,
 * no Camel.
 */
@org.jspecify.annotations.NullMarked
package io.sendport.host.condition;
