package io.sendport.console.access;

import io.sendport.config.Routing;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** What the right to an act rests on that takes longer than a request, so that it can be looked at again. Safe for use by several threads. */
public final class Authority {

    private static final String TOKEN = "token:";
    private static final String PROXY = "proxy";

    private final TokenFile tokens;
    private final Clock clock;

    /** By the tokens in {@code tokens}. */
    public Authority(TokenFile tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Of a token. */
    static String of(Token token) {
        return TOKEN + token.sha256();
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
        if (!authority.startsWith(TOKEN)) {
            return Optional.of(new Reach(true, Set.of()));
        }
        return tokens.byHash(authority.substring(TOKEN.length()))
                .filter(token -> !token.isExpired(clock.instant()))
                .map(token -> Reach.of(token.grants(), Role.OPERATOR, routing))
                .filter(reach -> !reach.isNowhere());
    }
}
