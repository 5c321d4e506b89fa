package io.sendport.console.access;

import io.sendport.config.Routing;
import io.sendport.host.box.control.Actor;
import java.util.List;

/**
 * The authenticated sender of a request. Immutable; null is allowed nowhere.
 *
 * @param name the name of the token, or of the user that a proxy or a log-in link authenticated
 * @param way the authentication method
 * @param origin the address from which the request came
 * @param authority the basis of the caller's rights; see {@link Authority}
 * @param grants the caller's rights
 */
public record Caller(String name, Way way, String origin, String authority, List<Grant> grants) {

    /** An authentication method. */
    public enum Way {
        /** A token. */
        TOKEN("token"),
        /** The session that a log-in link started. Only users with access to the store can create such a link. */
        SESSION("console"),
        /** A reverse proxy, which authenticated the user. */
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

    /** Whether the caller has this role at any port. */
    public boolean has(Role role) {
        return grants.stream().anyMatch(each -> each.role().includes(role));
    }

    /** Whether the caller has this role at all ports, and for what belongs to no port. */
    public boolean hasEverywhere(Role role) {
        return grants.stream().anyMatch(each -> each.role().includes(role) && each.scope() instanceof Grant.Scope.All);
    }

    /** The ports at which the caller has this role. */
    public PortScope reach(Role role, Routing routing) {
        return PortScope.of(grants, role, routing);
    }

    /** The name for the ledger when the caller acts: with authentication method and origin. */
    public Actor actor(String reason) {
        return new Actor(submitter() + " from " + origin, reason);
    }

    /** The name for the ledger when the caller submits. It omits the origin, since a deduplication key is valid for one submitter. */
    public String submitter() {
        return name + " (" + way.word + ") by api";
    }
}
