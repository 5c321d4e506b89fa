package io.sendport.console.access;

import io.sendport.config.Routing;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Sessions;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Checks whether a caller still has the right to an act that continues after its request. Safe for use by several threads.
 */
public final class Authority {

    private static final String TOKEN = "token:";
    private static final String SESSION = "session:";
    private static final String PROXY = "proxy:";

    private final TokenFile tokens;
    private final Supplier<Optional<Sessions>> sessions;
    private final Clock clock;

    /** Checks against the tokens in {@code tokens} and the current sessions. */
    public Authority(TokenFile tokens, Supplier<Optional<Sessions>> sessions, Clock clock) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** The authority of a token. */
    static String of(Token token) {
        return TOKEN + token.sha256() + "@" + Actor.machine();
    }

    /** The authority of a session, which may end before the act does. */
    static String ofSession(String hash) {
        return SESSION + hash;
    }

    /** The authority of a user of a reverse proxy. It holds the grants of the request, since Sendport cannot ask the proxy again. */
    static String ofProxy(List<Grant> grants) {
        return PROXY + String.join(",", grants.stream().map(Grant::toString).toList());
    }

    /**
     * The ports that the holder of {@code authority} can operate now; empty when no right is left.
     *
     * @param authority see {@link Caller#authority}; an empty string for a person who works on the store directly
     * @throws IOException when the tokens cannot be read
     */
    public Optional<PortScope> toOperate(String authority, Routing routing) throws IOException {
        if (authority.startsWith(SESSION)) {
            return sessions.get()
                    .flatMap(all -> all.find(authority.substring(SESSION.length())))
                    .map(session -> PortScope.of(Grant.parse(session.grants()), Role.OPERATOR, routing));
        }
        if (authority.startsWith(PROXY)) {
            String grants = authority.substring(PROXY.length());
            return grants.isEmpty()
                    ? Optional.empty()
                    : Optional.of(PortScope.of(Grant.parse(grants), Role.OPERATOR, routing));
        }
        if (!authority.startsWith(TOKEN)) {
            return Optional.of(PortScope.EVERYWHERE);
        }
        return tokens.byHash(authority.substring(TOKEN.length(), authority.indexOf('@')))
                .filter(token -> !token.isExpired(clock.instant()))
                .map(token -> PortScope.of(token.grants(), Role.OPERATOR, routing))
                .filter(reach -> !reach.isNowhere());
    }

    /** Whether this machine can check {@code authority}. Tokens of another machine are in the file of that machine. */
    public boolean isKnownHere(String authority) {
        return !authority.startsWith(TOKEN) || authority.endsWith("@" + Actor.machine());
    }
}
