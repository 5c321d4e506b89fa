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
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authenticates clients of a submission feed with API tokens: user name is the token name, password its secret. Safe for use by several threads. */
public final class TokenLogOns implements LogOns {

    private static final Logger LOG = LoggerFactory.getLogger(TokenLogOns.class);

    private final Clock clock;
    private final Map<Path, TokenFile> files = new ConcurrentHashMap<>();

    /** Uses the token file of the configuration. {@code clock} decides whether a token has expired. */
    public TokenLogOns(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Optional<Predicate<String>> check(String user, String secret, Supplier<Routing> routing) throws IOException {
        // Keep only the hash, not the secret.
        String hash = Token.hash(secret);
        return reach(user, hash, routing.get()).map(first -> port -> mayNow(user, hash, routing.get(), port));
    }

    private Optional<PortScope> reach(String user, String hash, Routing routing) throws IOException {
        return files.computeIfAbsent(routing.tokens(), TokenFile::new)
                .byHash(hash)
                .filter(token -> token.name().equals(user) && !token.isExpired(clock.instant()))
                .map(token -> PortScope.of(token.grants(), Role.SUBMITTER, routing));
    }

    private boolean mayNow(String user, String hash, Routing routing, String port) {
        try {
            return reach(user, hash, routing)
                    .filter(reach -> port.isEmpty() ? reach.isEverywhere() : reach.covers(port))
                    .isPresent();
        } catch (IOException e) {
            LOG.error(
                    "Cannot read the token file: {}. Submissions with tokens are refused until Sendport can read it."
                            + " Correct the file or its access rights; no restart is needed",
                    e.getMessage());
            return false;
        }
    }
}
