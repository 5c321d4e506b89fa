package io.sendport.host.submission;

import java.util.function.Predicate;

/**
 * The account of a logged-on client.
 *
 * @param user the name of the user
 * @param ports whether the user may submit to the port with a name
 */
record Account(String user, Predicate<String> ports) {}
