/** Conditions for operators, as values. Pure functions and records; no clock, no store, no Camel. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.condition;
