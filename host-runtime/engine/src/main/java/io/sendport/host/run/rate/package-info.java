/** Bounds how many messages go out in a time, in one process or together with all on the same store. Internal to {@code run}. */
@org.jspecify.annotations.NullMarked
package io.sendport.host.run.rate;
