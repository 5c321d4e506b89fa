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

/** The fields of a request's JSON body. Unknown ones are refused, so that a misspelt one is noticed. */
final class Fields {

    private static final int MOST_BYTES = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode body;

    private Fields(JsonNode body) {
        this.body = body;
    }

    /**
     * Reads the body of {@code call}; without one all fields are absent.
     *
     * @param known the fields that there may be
     */
    static Fields of(Call call, String... known) throws IOException {
        byte[] bytes = call.body(MOST_BYTES);
        if (bytes.length == 0) {
            return new Fields(JSON.createObjectNode());
        }
        try {
            JsonNode body = JSON.readTree(bytes);
            if (body == null || !body.isObject()) {
                throw ProblemException.invalid("the body is no JSON object");
            }
            Set<String> unknown = new HashSet<>();
            body.fieldNames().forEachRemaining(unknown::add);
            unknown.removeAll(List.of(known));
            if (!unknown.isEmpty()) {
                throw ProblemException.invalid(
                        "the body has unknown fields " + unknown + ", expected " + List.of(known));
            }
            return new Fields(body);
        } catch (JsonProcessingException e) {
            throw ProblemException.invalid("the body is no JSON");
        }
    }

    Optional<String> text(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw ProblemException.invalid("the field " + name + " is no text");
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

    /** An object of texts; empty when it is absent. */
    Map<String, String> texts(String name) {
        JsonNode value = body.path(name);
        Map<String, String> texts = new LinkedHashMap<>();
        if (!value.isMissingNode() && !value.isObject()) {
            throw ProblemException.invalid("the field " + name + " is no object");
        }
        value.properties()
                .forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
        return texts;
    }

    /** Texts in an array; empty when it is absent. */
    List<String> list(String name) {
        JsonNode value = body.path(name);
        if (!value.isMissingNode() && !value.isArray()) {
            throw ProblemException.invalid("the field " + name + " is no array");
        }
        List<String> texts = new java.util.ArrayList<>();
        value.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
