package io.sendport.console.access;

import io.sendport.config.Routing;
import io.sendport.host.box.control.Sessions;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What the right to an act rests on that takes longer than a request, so that it can be looked at again. Safe for use by several threads. */
public final class Authority {

    private static final String TOKEN = "token:";
    private static final String SESSION = "session:";
    private static final String PROXY = "proxy";

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
        return TOKEN + token.sha256();
    }

    /** Of a session, which may be over before the act is. */
    static String ofSession(String hash) {
        return SESSION + hash;
    }

    /** Of a user whom a proxy let in; that cannot be looked at again. */
    static String ofProxy() {
        return PROXY;
    }

    /**
     * Where whoever has {@code authority} may operate now; empty when they may no longer at all.
     *
     * @param authority as {@link Caller#authority} gives it; empty for whoever can reach the store itself
     * @throws IOException when the tokens can't be read
     */
    public Optional<Reach> toOperate(String authority, Routing routing) throws IOException {
        if (authority.startsWith(SESSION)) {
            return sessions.get()
                    .flatMap(all -> all.find(authority.substring(SESSION.length())))
                    .map(session -> Reach.of(Grant.parse(session.grants()), Role.OPERATOR, routing));
        }
        if (!authority.startsWith(TOKEN)) {
            return Optional.of(new Reach(true, Set.of()));
        }
        return tokens.byHash(authority.substring(TOKEN.length()))
                .filter(token -> !token.isExpired(clock.instant()))
                .map(token -> Reach.of(token.grants(), Role.OPERATOR, routing))
                .filter(reach -> !reach.isNowhere());
    }
}
