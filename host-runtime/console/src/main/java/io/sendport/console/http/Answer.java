package io.sendport.console.http;

import io.sendport.host.operate.Json;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The response to a request. Immutable; null is allowed nowhere.
 *
 * @param status the HTTP status
 * @param headers further header fields
 * @param type the media type of the body
 * @param length the length of the body in bytes; empty when it is unknown in advance
 * @param body writes the body
 * @param live continues the response for as long as the client listens; empty when {@code body} is the whole response
 */
public record Answer(
        int status,
        Map<String, String> headers,
        String type,
        OptionalLong length,
        Writer body,
        Optional<Consumer<Channel>> live) {

    private static final String JSON = "application/json";
    private static final String LINES = "application/jsonl";

    /** Writes a body. */
    @FunctionalInterface
    public interface Writer {
        /** Writes the whole body. Does not close {@code out}. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** A response that ends with its body. */
    public Answer(int status, Map<String, String> headers, String type, OptionalLong length, Writer body) {
        this(status, headers, type, length, body, Optional.empty());
    }

    /** Copies the map. */
    public Answer {
        headers = Map.copyOf(headers);
    }

    /** A value as JSON. */
    public static Answer json(Object value) {
        return json(200, JSON, value);
    }

    /** A value as JSON, with this status. */
    public static Answer json(int status, Object value) {
        return json(status, JSON, value);
    }

    static Answer of(Problem problem) {
        Answer answer = json(problem.type().status(), "application/problem+json", problem.body());
        for (Map.Entry<String, String> each : problem.headers().entrySet()) {
            answer = answer.with(each.getKey(), each.getValue());
        }
        return answer;
    }

    private static Answer json(int status, String type, Object value) {
        byte[] bytes = line(value);
        return new Answer(status, Map.of(), type, OptionalLong.of(bytes.length), out -> out.write(bytes));
    }

    /** JSON objects, one a line, which are written as they become available. */
    public static Answer lines(Writer writer) {
        return new Answer(200, Map.of(), LINES, OptionalLong.empty(), writer);
    }

    /** A value as one line of JSON, with unprintable characters made visible. */
    public static byte[] line(Object value) {
        return (Text.visible(Json.write(value)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** A response that continues for as long as the client listens. It holds no thread. */
    public static Answer live(String type, Consumer<Channel> live) {
        return new Answer(
                200, Map.of("X-Accel-Buffering", "no"), type, OptionalLong.empty(), out -> {}, Optional.of(live));
    }

    /** A file that the browser saves and does not show, since its content is untrusted. */
    public static Answer file(String name, String type, OptionalLong length, Writer writer) {
        return new Answer(
                200, Map.of("Content-Disposition", "attachment; filename=\"" + name + "\""), type, length, writer);
    }

    /** An empty response: the caller already has the current version (RFC 9110, section 15.4.5). */
    public static Answer notModified(String tag) {
        return new Answer(304, Map.of("ETag", tag), "", OptionalLong.of(0), out -> {});
    }

    /** A redirect to another page (RFC 9110, section 15.4.4). */
    public static Answer seeOther(String path) {
        return new Answer(303, Map.of("Location", path), "", OptionalLong.of(0), out -> {});
    }

    /** A copy with one more header field. */
    public Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, type, length, body, live);
    }
}
