package io.sendport.console.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.message.Body;
import io.sendport.console.access.Caller;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a page call the API inside the process, with the rights of the person who opened the page. The call uses the same routes, role
 * checks, masking and recording as a request over HTTP, so pages need no separate rules. Safe for use by several threads.
 */
public final class InProcessApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Body NOTHING = Body.wrapping(new byte[0]);
    private static final List<String> ROOT = List.of("api", "v1");

    private final List<Route> routes;

    /** With the routes of {@link Api}. */
    public InProcessApi(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /**
     * A request to the API.
     *
     * @param method the HTTP method
     * @param path the path below {@code /api/v1}, as decoded segments
     * @param query the query parameters
     * @param type the media type of the body
     * @param body the body; empty for none
     */
    private record ApiRequest(
            String method, List<String> path, Map<String, List<String>> query, String type, Body body) {}

    /** Sends a GET request. */
    public JsonNode get(Call call, List<String> path, Map<String, List<String>> query) throws Exception {
        return json(answer(call, new ApiRequest("GET", path, query, "", NOTHING)));
    }

    /** Sends a POST request with {@code fields} as a JSON body. */
    public JsonNode post(Call call, List<String> path, Map<String, List<String>> query, Map<String, ?> fields)
            throws Exception {
        return json(answer(
                call,
                new ApiRequest(
                        "POST", path, query, "application/json", Body.wrapping(JSON.writeValueAsBytes(fields)))));
    }

    /** Sends a POST request with a body of another media type. */
    public JsonNode post(Call call, List<String> path, Map<String, List<String>> query, String type, byte[] body)
            throws Exception {
        return json(answer(call, new ApiRequest("POST", path, query, type, Body.wrapping(body))));
    }

    /** Sends a DELETE request. */
    public JsonNode delete(Call call, List<String> path) throws Exception {
        return json(answer(call, new ApiRequest("DELETE", path, Map.of(), "", NOTHING)));
    }

    /** Sends a POST request whose response has one JSON object a line. */
    public List<JsonNode> lines(Call call, List<String> path, Map<String, List<String>> query) throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        try (var values = JSON.readerFor(JsonNode.class)
                .<JsonNode>readValues(bytes(answer(call, new ApiRequest("POST", path, query, "", NOTHING))))) {
            values.forEachRemaining(lines::add);
        }
        return lines;
    }

    private Answer answer(Call pageCall, ApiRequest request) throws Exception {
        List<String> segments = new ArrayList<>(ROOT);
        segments.addAll(request.path());
        for (Route each : routes) {
            Optional<Map<String, String>> path = each.match(segments);
            if (path.isPresent() && each.method().equals(request.method())) {
                if (!each.isOpenTo(pageCall.caller())) {
                    throw each.refusalOf(pageCall.caller());
                }
                return each.handler().handle(new InnerCall(pageCall.caller(), path.get(), request));
            }
        }
        throw new IllegalArgumentException("the API has no " + request.method() + " " + segments);
    }

    private static JsonNode json(Answer answer) throws IOException {
        return JSON.readTree(bytes(answer));
    }

    private static byte[] bytes(Answer answer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        answer.body().writeTo(bytes);
        return bytes.toByteArray();
    }

    private record InnerCall(Caller caller, Map<String, String> segments, ApiRequest request) implements Call {

        @Override
        public String path(String name) {
            return segments.getOrDefault(name, "");
        }

        @Override
        public Optional<String> query(String name) {
            return queries(name).stream().findFirst();
        }

        @Override
        public List<String> queries(String name) {
            return request.query().getOrDefault(name, List.of()).stream()
                    .filter(each -> !each.isEmpty())
                    .toList();
        }

        @Override
        public Set<String> queryNames() {
            return request.query().keySet();
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.empty();
        }

        @Override
        public List<String> headers(String name) {
            return List.of();
        }

        @Override
        public String contentType() {
            return request.type();
        }

        @Override
        public byte[] body(int most) throws IOException {
            if (request.body().size() > most) {
                throw new ProblemException(
                        Problem.Type.TOO_LARGE, "the text is larger than the limit of " + most + " bytes");
            }
            try (InputStream in = stream()) {
                return in.readAllBytes();
            }
        }

        @Override
        public InputStream stream() {
            try {
                return request.body().open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
