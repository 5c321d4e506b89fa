package io.sendport.host.store.commit;

/**
 * The identity of the server that has the store, and of the history of its data.
 *
 * @param system PostgreSQL's system identifier, unsigned; a primary and its standbys share it
 * @param timeline the history of that data: its number grows when a standby is promoted, and when a backup is recovered to a point in time
 */
public record ServerIdentity(long system, long timeline) {

    /** Whether this is an earlier timeline of the same system, which lacks commits on the later timeline. */
    public boolean isEarlierTimelineOf(ServerIdentity later) {
        return system == later.system && timeline < later.timeline;
    }

    /** The system identifier as PostgreSQL's own tools show it. */
    public String systemIdentifier() {
        return Long.toUnsignedString(system);
    }

    /** Describes which commits are missing on this timeline after {@code later} was used. */
    public String describeLoss(ServerIdentity later) {
        return "the server is on " + this + ", but timeline " + later.timeline()
                + " was used before. It is a former primary or an old copy, and lacks the commits of timeline "
                + later.timeline();
    }

    /** As PostgreSQL's own tools show it. */
    @Override
    public String toString() {
        return "timeline " + timeline + " of system " + systemIdentifier();
    }
}
