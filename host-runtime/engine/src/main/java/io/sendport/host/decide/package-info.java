/** Pure functions that decide the next action from results and rules. They use no clock, no store and no Camel. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.decide;
