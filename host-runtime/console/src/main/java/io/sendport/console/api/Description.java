package io.sendport.console.api;

import io.sendport.console.http.Answer;
import io.sendport.console.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The OpenAPI 3.1 description of the API. A test compares it with the routes. */
final class Description {

    private Description() {}

    static List<Route> routes() {
        return List.of(new Route("GET", "/api/v1/openapi.json", Set.of(), call -> {
            byte[] bytes = read();
            return new Answer(
                    200, Map.of(), "application/json", OptionalLong.of(bytes.length), out -> out.write(bytes));
        }));
    }

    static byte[] read() throws IOException {
        try (InputStream in = Description.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing from the console module");
            }
            return in.readAllBytes();
        }
    }
}
