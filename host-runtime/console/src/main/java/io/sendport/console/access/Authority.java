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
 * Tells whether somebody still has the right to an act that outlives the request that began it. Safe for use by several threads.
 */
public final class Authority {

    private static final String TOKEN = "token:";
    private static final String SESSION = "session:";
    private static final String PROXY = "proxy:";

    private final TokenFile tokens;
    private final Supplier<Optional<Sessions>> sessions;
    private final Clock clock;

    /** By the tokens in {@code tokens} and those who are logged on. */
    public Authority(TokenFile tokens, Supplier<Optional<Sessions>> sessions, Clock clock) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Of a token. */
    static String of(Token token) {
        return TOKEN + token.sha256() + "@" + Actor.machine();
    }

    /** Of a session, which may be over before the act is. */
    static String ofSession(String hash) {
        return SESSION + hash;
    }

    /** Of a user whom a proxy let in: what they might do then, since the proxy can't be asked again. */
    static String ofProxy(List<Grant> grants) {
        return PROXY + String.join(",", grants.stream().map(Grant::toString).toList());
    }

    /**
     * The ports at which the holder of {@code authority} can operate now; empty when there are none left.
     *
     * @param authority see {@link Caller#authority}; empty for a person who works on the store directly
     * @throws IOException when the tokens can't be read
     */
    public Optional<Reach> toOperate(String authority, Routing routing) throws IOException {
        if (authority.startsWith(SESSION)) {
            return sessions.get()
                    .flatMap(all -> all.find(authority.substring(SESSION.length())))
                    .map(session -> Reach.of(Grant.parse(session.grants()), Role.OPERATOR, routing));
        }
        if (authority.startsWith(PROXY)) {
            String grants = authority.substring(PROXY.length());
            return grants.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Reach.of(Grant.parse(grants), Role.OPERATOR, routing));
        }
        if (!authority.startsWith(TOKEN)) {
            return Optional.of(Reach.EVERYWHERE);
        }
        return tokens.byHash(authority.substring(TOKEN.length(), authority.indexOf('@')))
                .filter(token -> !token.isExpired(clock.instant()))
                .map(token -> Reach.of(token.grants(), Role.OPERATOR, routing))
                .filter(reach -> !reach.isNowhere());
    }

    /** Whether it can be looked at here: tokens of another machine are in that machine's file. */
    public boolean isKnownHere(String authority) {
        return !authority.startsWith(TOKEN) || authority.endsWith("@" + Actor.machine());
    }
}
