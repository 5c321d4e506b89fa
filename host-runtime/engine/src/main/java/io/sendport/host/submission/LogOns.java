package io.sendport.host.submission;

import io.sendport.config.Routing;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/** Who may log on to a submission feed. Safe for use by several threads. */
@FunctionalInterface
public interface LogOns {

    /** Nobody can log on. */
    LogOns NONE = (user, secret, routing) -> Optional.empty();

    /**
     * Looks whether that user has that secret.
     *
     * @return at which ports the user may submit, by their names; empty when nobody has that name and secret
     * @throws IOException when it can't be found out now
     */
    Optional<Predicate<String>> check(String user, String secret, Routing routing) throws IOException;
}
