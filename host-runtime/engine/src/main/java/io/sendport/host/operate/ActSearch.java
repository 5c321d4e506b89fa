package io.sendport.host.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.host.box.BulkAct;
import io.sendport.host.box.MessageFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The search of an act on many messages.
 *
 * @param fields the search terms by name, as in requests and options; a property has the form NAME=VALUE
 */
public record ActSearch(Map<String, List<String>> fields) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> LISTS = Map.of("ports", "port", "states", "state");
    private static final Set<String> TEXTS = Set.of("application", "recipient", "error", "relay", "since", "until");

    /** Copies the map. */
    public ActSearch {
        fields = new LinkedHashMap<>(fields);
    }

    /**
     * Reads the search of an act from the JSON of its {@link MessageFilter}.
     *
     * @throws IllegalArgumentException when it is not JSON
     */
    public static ActSearch of(BulkAct act) {
        JsonNode filter;
        try {
            filter = JSON.readTree(act.filter());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the search of act " + act.id() + " is not JSON", e);
        }
        Map<String, List<String>> fields = new LinkedHashMap<>();
        filter.properties().forEach(each -> {
            String name = each.getKey();
            JsonNode value = each.getValue();
            List<String> texts = new ArrayList<>();
            if (LISTS.containsKey(name)) {
                value.forEach(one -> texts.add(one.asText()));
            } else if (name.equals("properties")) {
                value.properties()
                        .forEach(one ->
                                texts.add(one.getKey() + "=" + one.getValue().asText()));
            } else if (TEXTS.contains(name) && value.isTextual()) {
                texts.add(value.asText());
            } else if (name.equals("held") && value.asBoolean()) {
                texts.add("true");
            }
            if (!texts.isEmpty()) {
                fields.put(name.equals("properties") ? "property" : LISTS.getOrDefault(name, name), texts);
            }
        });
        return new ActSearch(fields);
    }
}
