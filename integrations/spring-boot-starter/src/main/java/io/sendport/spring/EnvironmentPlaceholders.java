package io.sendport.spring;

import io.sendport.config.read.Placeholders;
import io.sendport.host.camel.CamelPlaceholders;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.env.Environment;

/** Resolves placeholders of the configuration file, also from the properties of the application: {@code {{billing.sender}}}. */
final class EnvironmentPlaceholders implements Placeholders {

    private static final Pattern NAME = Pattern.compile("\\{\\{([^{}:]+)(?::[^{}]*)?}}");

    private final CamelPlaceholders placeholders = new CamelPlaceholders();
    private final Environment environment;

    EnvironmentPlaceholders(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void define(Map<String, String> values) {
        placeholders.define(values);
    }

    @Override
    public String resolve(String text, Path folder) throws UnresolvedException {
        for (Matcher matcher = NAME.matcher(text); matcher.find(); ) {
            String value = environment.getProperty(matcher.group(1));
            if (value != null) {
                placeholders.define(Map.of(matcher.group(1), value));
            }
        }
        return placeholders.resolve(text, folder);
    }
}
