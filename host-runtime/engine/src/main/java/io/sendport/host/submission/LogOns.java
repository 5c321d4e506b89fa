package io.sendport.host.submission;

import io.sendport.config.Routing;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Checks log-ons to a submission feed. Safe for use by several threads. */
@FunctionalInterface
public interface LogOns {

    /** Refuses all log-ons. */
    LogOns NONE = (user, secret, routing) -> Optional.empty();

    /**
     * Checks a user and secret.
     *
     * @param routing the current configuration of ports
     * @return tests by name whether the user may submit to a port now, because rights can end during a session; empty when the user or the
     *     secret is wrong
     * @throws IOException when it cannot be checked now
     */
    Optional<Predicate<String>> check(String user, String secret, Supplier<Routing> routing) throws IOException;
}
