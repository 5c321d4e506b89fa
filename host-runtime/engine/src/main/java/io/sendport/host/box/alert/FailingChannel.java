package io.sendport.host.box.alert;

import java.time.Instant;

/**
 * A channel whose last try failed.
 *
 * @param name its name
 * @param since when it failed first
 * @param tries how often it has failed in a row
 * @param nextAt when it is tried again
 * @param error why the last try failed, without addresses
 */
public record FailingChannel(String name, Instant since, long tries, Instant nextAt, String error) {}
