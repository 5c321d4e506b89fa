package io.sendport.api.adapter;

/**
 * The rank of a port among those that wait for the same thing, such as a connection; found among the host's services by an adapter that has
 * a queue.
 *
 * @param level 1 first, 10 last
 */
public record Priority(int level) {

    /** Neither first nor last. */
    public static final Priority USUAL = new Priority(5);
}
