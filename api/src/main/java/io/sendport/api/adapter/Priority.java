package io.sendport.api.adapter;

/**
 * The rank of a port among those that wait for the same resource, such as a connection. An adapter that has a queue finds it among the
 * host's services.
 *
 * @param level 1 is served first, 10 last
 */
public record Priority(int level) {

    /** The default rank, in the middle. */
    public static final Priority USUAL = new Priority(5);
}
