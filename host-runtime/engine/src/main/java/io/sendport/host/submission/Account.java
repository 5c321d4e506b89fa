package io.sendport.host.submission;

import java.util.function.Predicate;

/**
 * Who is logged on.
 *
 * @param user the name
 * @param ports at which ports they may submit, by name
 */
record Account(String user, Predicate<String> ports) {}
