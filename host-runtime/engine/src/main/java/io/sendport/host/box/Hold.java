package io.sendport.host.box;

import java.time.Instant;

/**
 * A message is on hold: neither retention nor erasure deletes its content and rows. It does not affect whether it is sent.
 *
 * @param since when it was put on hold
 * @param actor who put it on hold
 * @param reason why; may be empty
 */
public record Hold(Instant since, String actor, String reason) {}
