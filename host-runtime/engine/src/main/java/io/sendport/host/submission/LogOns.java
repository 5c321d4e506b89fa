package io.sendport.host.submission;

import io.sendport.config.Routing;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Who may log on to a submission feed. Safe for use by several threads. */
@FunctionalInterface
public interface LogOns {

    /** Nobody can log on. */
    LogOns NONE = (user, secret, routing) -> Optional.empty();

    /**
     * Looks whether that user has that secret.
     *
     * @param routing what is configured of ports at the moment at which it is asked
     * @return tells at which ports the user may submit, by their names, at the moment at which it is asked: rights end while a session goes on; empty when
     *     nobody has that name and secret
     * @throws IOException when it can't be found out now
     */
    Optional<Predicate<String>> check(String user, String secret, Supplier<Routing> routing) throws IOException;
}
