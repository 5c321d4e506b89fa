package io.sendport.console.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.console.http.Call;
import io.sendport.console.http.ProblemException;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fields of a JSON request body. Unknown fields are refused, so that callers notice misspelled names. */
final class Fields {

    private static final int MAX_BYTES = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode body;

    private Fields(JsonNode body) {
        this.body = body;
    }

    /**
     * Reads the body of {@code call}. Without a body, all fields are absent.
     *
     * @param known the allowed fields
     */
    static Fields of(Call call, String... known) throws IOException {
        byte[] bytes = call.body(MAX_BYTES);
        if (bytes.length == 0) {
            return new Fields(JSON.createObjectNode());
        }
        try {
            JsonNode body = JSON.readTree(bytes);
            if (body == null || !body.isObject()) {
                throw ProblemException.invalid("the body is not a JSON object");
            }
            Set<String> unknown = new HashSet<>();
            body.fieldNames().forEachRemaining(unknown::add);
            unknown.removeAll(List.of(known));
            if (!unknown.isEmpty()) {
                throw ProblemException.invalid(
                        "the body has unknown fields " + unknown + "; known fields are " + List.of(known));
            }
            return new Fields(body);
        } catch (JsonProcessingException e) {
            throw ProblemException.invalid("the body is not valid JSON");
        }
    }

    Optional<String> text(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw ProblemException.invalid("the field " + name + " is not a string");
        }
        return Optional.of(value.asText());
    }

    boolean flag(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw ProblemException.invalid("the field " + name + " is neither true nor false");
        }
        return value.asBoolean();
    }

    /** The strings of an object field; empty when the field is absent. */
    Map<String, String> texts(String name) {
        JsonNode value = body.path(name);
        Map<String, String> texts = new LinkedHashMap<>();
        if (!value.isMissingNode() && !value.isObject()) {
            throw ProblemException.invalid("the field " + name + " is not an object");
        }
        value.properties()
                .forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
        return texts;
    }

    /** The strings of an array field; empty when the field is absent. */
    List<String> list(String name) {
        JsonNode value = body.path(name);
        if (!value.isMissingNode() && !value.isArray()) {
            throw ProblemException.invalid("the field " + name + " is not an array");
        }
        List<String> texts = new java.util.ArrayList<>();
        value.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
