package io.sendport.host.store.commit;

/**
 * Which server holds the store, and which history of its data.
 *
 * @param system the number that PostgreSQL gives a set of data files, and that standbys share
 * @param timeline the history of those data: it grows when a standby is promoted, and when a backup is recovered to a point in time
 */
public record ServerIdentity(long system, long timeline) {

    /** Whether this history ended where {@code other} began: commits after that are not in it. */
    public boolean isBefore(ServerIdentity other) {
        return system == other.system && timeline < other.timeline;
    }

    /** The loss of what was committed on the later timeline {@code before}. */
    public String outOfDate(ServerIdentity before) {
        return "the server is on " + this + ", and timeline " + before.timeline()
                + " was in use before: a former primary or an old copy took its place";
    }

    /** As PostgreSQL's own tools show it. */
    @Override
    public String toString() {
        return "timeline " + timeline + " of system " + Long.toUnsignedString(system);
    }
}
