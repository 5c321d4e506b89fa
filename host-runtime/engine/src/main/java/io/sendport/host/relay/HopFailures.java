package io.sendport.host.relay;

import java.time.Instant;
import java.util.Optional;

/**
 * The failed attempts since the next hop last accepted a recipient.
 *
 * @param since when the first of them ended
 * @param count how many attempts failed, from 1
 * @param waiting how many mails wait for the next hop
 * @param next when the next attempt is due; empty if unknown
 * @param why the answer to the last attempt, or why there was no answer
 */
public record HopFailures(Instant since, long count, int waiting, Optional<Instant> next, String why) {}
