package io.sendport.console.access;

import io.sendport.config.Routing;
import io.sendport.host.box.control.Actor;
import java.util.List;

/**
 * Who asks. Immutable; null is allowed nowhere.
 *
 * @param name of a token, or of a user whom a proxy or a log-in link let in
 * @param way how they showed who they are
 * @param origin the address from which they ask
 * @param authority what that rests on; see {@link Authority}
 * @param grants what they may do
 */
public record Caller(String name, Way way, String origin, String authority, List<Grant> grants) {

    /** How somebody shows who they are. */
    public enum Way {
        /** By a token. */
        TOKEN("token"),
        /** By a link that somebody had printed who can reach the store, and the session that it gave. */
        SESSION("console"),
        /** A reverse proxy says so. */
        PROXY("proxy");

        private final String word;

        Way(String word) {
            this.word = word;
        }
    }

    /** Copies the list. */
    public Caller {
        grants = List.copyOf(grants);
    }

    /** Whether they have that role anywhere. */
    public boolean has(Role role) {
        return grants.stream().anyMatch(each -> each.role().includes(role));
    }

    /** Where they have that role. */
    public Reach reach(Role role, Routing routing) {
        return Reach.of(grants, role, routing);
    }

    /** As the ledger names them when they act: with way and origin. */
    public Actor actor(String reason) {
        return new Actor(submitter() + " from " + origin, reason);
    }

    /** As the ledger names them when they submit: the same from every address, since a dedupe key holds for one submitter. */
    public String submitter() {
        return name + " (" + way.word + ") by api";
    }
}
