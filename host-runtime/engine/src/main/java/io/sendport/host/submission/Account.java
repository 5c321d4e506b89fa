package io.sendport.host.submission;

import java.util.function.Predicate;

/**
 * The account of a logged-on client.
 *
 * @param user the name
 * @param ports whether the user may submit to a port, by name
 */
record Account(String user, Predicate<String> ports) {}
