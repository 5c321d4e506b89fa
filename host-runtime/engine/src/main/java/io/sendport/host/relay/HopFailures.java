package io.sendport.host.relay;

import java.time.Instant;
import java.util.Optional;

/**
 * Attempts in a row at which the next hop accepted no recipient.
 *
 * @param since when the first of them ended
 * @param count how many, from 1
 * @param waiting how many mails wait for the next hop
 * @param next when it is tried again, as far as known
 * @param why the answer to the last one, or why there was none
 */
public record HopFailures(Instant since, long count, int waiting, Optional<Instant> next, String why) {}
