package io.sendport.console.access;

import io.sendport.config.Routing;
import io.sendport.host.submission.LogOns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Log-ons to a submission feed with tokens of the API: the user is the token's name, the password its secret. Safe for use by several threads. */
public final class TokenLogOns implements LogOns {

    private final Clock clock;
    private final Map<Path, TokenFile> files = new ConcurrentHashMap<>();

    /** With the file of tokens that the configuration names; whether one has expired is by {@code clock}. */
    public TokenLogOns(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Optional<Predicate<String>> check(String user, String secret, Routing routing) throws IOException {
        return files.computeIfAbsent(routing.tokens(), TokenFile::new)
                .find(secret)
                .filter(token -> token.name().equals(user) && !token.isExpired(clock.instant()))
                .map(token -> Reach.of(token.grants(), Role.SUBMITTER, routing))
                .map(reach -> port -> port.isEmpty() ? reach.isEverywhere() : reach.covers(port));
    }
}
