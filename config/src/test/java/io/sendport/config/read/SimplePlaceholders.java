package io.sendport.config.read;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Placeholders from a map, with Camel's form of defaults. */
public final class SimplePlaceholders implements Placeholders {

    private static final Pattern FORM = Pattern.compile("\\{\\{((?:env:|file:|sys:)?[^{}:]+)(?::([^{}]*))?}}");

    private final Map<String, String> values;

    public SimplePlaceholders(Map<String, String> values) {
        this.values = new HashMap<>(values);
    }

    @Override
    public void define(Map<String, String> properties) {
        values.putAll(properties);
    }

    @Override
    public String resolve(String text, Path folder) throws UnresolvedException {
        Matcher matcher = FORM.matcher(text);
        StringBuilder resolved = new StringBuilder();
        while (matcher.find()) {
            String value = values.getOrDefault(matcher.group(1), matcher.group(2));
            if (value == null) {
                throw new UnresolvedException("{{" + matcher.group(1) + "}} has no value");
            }
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(resolved).toString();
    }
}
