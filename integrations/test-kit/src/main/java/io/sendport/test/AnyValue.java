package io.sendport.test;

import io.sendport.config.read.Placeholders;
import io.sendport.host.camel.CamelPlaceholders;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resolves placeholders as in production, and one without a value to {@code test}, because tests have no secrets. */
final class AnyValue implements Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[^{}]*}}");

    private final CamelPlaceholders placeholders = new CamelPlaceholders();

    @Override
    public void define(Map<String, String> properties) {
        placeholders.define(properties);
    }

    @Override
    public String resolve(String text, Path folder) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(one(found.group(), folder)));
    }

    private String one(String placeholder, Path folder) {
        try {
            return placeholders.resolve(placeholder, folder);
        } catch (UnresolvedException e) {
            return "test";
        }
    }
}
