package io.sendport.console.http;

import io.sendport.console.access.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An authorized request. For use by one thread; null is allowed nowhere. */
public interface Call {

    /** The caller. */
    Caller caller();

    /** The decoded path segment at the position of {@code {name}} in the route. */
    String path(String name);

    /** The first value of a query parameter. */
    Optional<String> query(String name);

    /**
     * Whether a query parameter is {@code true}; false when it is absent.
     *
     * @throws ProblemException when it is neither {@code true} nor {@code false}
     */
    default boolean flag(String name) {
        String value = query(name).orElse("false");
        if (!value.equals("true") && !value.equals("false")) {
            throw ProblemException.invalid(name + " is \"" + value + "\"; use true or false");
        }
        return value.equals("true");
    }

    /** All values of a query parameter. */
    List<String> queries(String name);

    /** The names of all query parameters of the request. */
    Set<String> queryNames();

    /** A header field. A repeated field is refused. */
    Optional<String> header(String name);

    /** All values of a header field that may be repeated. */
    List<String> headers(String name);

    /** The media type of the body; empty when the request does not name it. */
    String contentType();

    /**
     * The whole body.
     *
     * @throws ProblemException when the body has more than {@code most} bytes
     */
    byte[] body(int most) throws IOException;

    /** The body as a stream. The server closes it if the client sends too slowly. */
    InputStream stream();
}
