package io.sendport.console.http;

import io.sendport.console.access.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A request that somebody may make. For one thread; null is allowed nowhere. */
public interface Call {

    /** Who asks. */
    Caller caller();

    /** What stands in the path where the route has {@code {name}}, decoded. */
    String path(String name);

    /** The first value of a query parameter. */
    Optional<String> query(String name);

    /** Whether a query parameter says {@code true}. */
    default boolean flag(String name) {
        return query(name).filter("true"::equals).isPresent();
    }

    /** All values of a query parameter. */
    List<String> queries(String name);

    /** The names of the query parameters that the request has. */
    Set<String> queryNames();

    /** A header field; several of one name are refused before. */
    Optional<String> header(String name);

    /** All values of a header field that may come several times. */
    List<String> headers(String name);

    /** The media type of the body; empty when nobody said. */
    String contentType();

    /**
     * The whole body.
     *
     * @throws ProblemException when it has more than {@code most} bytes
     */
    byte[] body(int most) throws IOException;

    /** The body as it comes; ended by the server when it comes too slowly. */
    InputStream stream();
}
