/** Decides the next action: pure functions from results and rules to decisions. No clock, no store, no Camel. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.decide;
