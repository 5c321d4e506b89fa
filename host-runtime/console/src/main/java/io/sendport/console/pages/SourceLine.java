package io.sendport.console.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a configuration with its problems.
 *
 * @param number the line number, from 1; 0 for problems without a line
 * @param text the text of the line
 * @param problems the problems in this line
 */
public record SourceLine(int number, String text, List<JsonNode> problems) {

    /** Copies the list. */
    public SourceLine {
        problems = List.copyOf(problems);
    }

    /** The lines of {@code xml} with those of the {@code problems} that are in {@code file}. */
    static List<SourceLine> of(String file, String xml, JsonNode problems) {
        ArrayNode own = JsonNodeFactory.instance.arrayNode();
        problems.forEach(each -> {
            if (each.path("file").asText().equals(file)) {
                own.add(each);
            }
        });
        return of(xml, own);
    }

    static List<SourceLine> of(String xml, JsonNode problems) {
        List<String> texts = xml.lines().toList();
        List<SourceLine> lines = new ArrayList<>();
        List<JsonNode> elsewhere = at(problems, 0, texts.size());
        if (!elsewhere.isEmpty()) {
            lines.add(new SourceLine(0, "", elsewhere));
        }
        for (int i = 1; i <= texts.size(); i++) {
            lines.add(new SourceLine(i, texts.get(i - 1), at(problems, i, texts.size())));
        }
        return lines;
    }

    private static List<JsonNode> at(JsonNode problems, int number, int count) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode each : problems) {
            int line = each.path("line").asInt();
            if ((line > count ? 0 : line) == number) {
                found.add(each);
            }
        }
        return found;
    }
}
