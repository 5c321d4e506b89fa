package io.sendport.console.pages;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a configuration, with what is wrong there.
 *
 * @param number from 1; 0 for what stands at no line
 * @param text of the line
 * @param problems of it
 */
public record SourceLine(int number, String text, List<JsonNode> problems) {

    /** Copies the list. */
    public SourceLine {
        problems = List.copyOf(problems);
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
