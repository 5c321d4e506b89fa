package io.sendport.host.camel;

import io.sendport.config.read.FileReference;
import io.sendport.config.read.Placeholders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.component.properties.DefaultPropertiesParser;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.spi.PropertiesFunction;

/**
 * Resolves placeholders with the properties functions of Camel, without a Camel context: {@code {{env:}}}, {@code {{sys:}}},
 * {@code {{file:}}} and {@code {{name}}}, each with a default after another colon. A prefix other than
 * {@code env}, {@code sys} and {@code file} is a name. Does not resolve placeholders in a resolved value. Not thread-safe.
 */
public final class CamelPlaceholders implements Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");
    private static final Set<String> FUNCTIONS = Set.of("env", "sys", "file");
    private static final String FILE = "file:";
    private static final long MAX_SECRET = 64 * 1024;

    private final Map<String, String> properties = new HashMap<>();
    private final PropertiesComponent component = new PropertiesComponent();
    private final DefaultPropertiesParser parser;

    /** Creates a resolver without values for {@code {{name}}}; {@link #define} adds them. */
    public CamelPlaceholders() {
        component.setNestedPlaceholder(false);
        component.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        component.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
        component.setAutoDiscoverPropertiesSources(false);
        component.addPropertiesFunction(new FileFunction());
        component.build();
        parser = new DefaultPropertiesParser(component);
    }

    @Override
    public void define(Map<String, String> values) {
        properties.putAll(values);
    }

    @Override
    public String resolve(String text, Path folder) throws UnresolvedException {
        Matcher matcher = PLACEHOLDER.matcher(text);
        StringBuilder resolved = new StringBuilder();
        List<String> faults = new ArrayList<>();
        int copied = 0;
        while (matcher.find()) {
            resolved.append(text, copied, matcher.start());
            try {
                resolved.append(resolveOne(matcher.group(1), folder));
            } catch (UnresolvedException e) {
                faults.add(e.getMessage());
            }
            copied = matcher.end();
        }
        if (!faults.isEmpty()) {
            throw new UnresolvedException(String.join("; ", faults));
        }
        String rest = text.substring(copied);
        if (rest.contains("{{") || matcher.reset().replaceAll("").contains("{{")) {
            throw new UnresolvedException("a placeholder is not closed, or contains another one; expected {{name}}");
        }
        return resolved.append(rest).toString();
    }

    private String resolveOne(String expression, Path folder) throws UnresolvedException {
        String name = expression.strip();
        int colon = name.indexOf(':');
        if (name.isEmpty() || name.startsWith("?") || name.startsWith("!") || name.contains("?nested=")) {
            throw new UnresolvedException(
                    "{{" + expression + "}} is not a valid placeholder; expected {{name}} or {{env:NAME}}");
        }
        if (colon < 0 || !FUNCTIONS.contains(name.substring(0, colon))) {
            return lookUp(name, colon);
        }
        try {
            String value =
                    parser.parseUri("{{" + absolute(name, folder) + "}}", (key, otherwise) -> null, true, false, false);
            if (value == null) {
                throw new IllegalArgumentException("no value");
            }
            return value;
        } catch (IllegalArgumentException e) {
            throw new UnresolvedException("{{" + name + "}} has no value; "
                    + switch (name.substring(0, colon)) {
                        case "env" -> "set the environment variable " + name.substring(4);
                        case "sys" -> "set the system property " + name.substring(4);
                        default ->
                            absolute(name, folder).substring(FILE.length()) + ": " + e.getMessage()
                                    + "; expected a readable file of at most 64 KB";
                    });
        }
    }

    /** Makes the path in {@code file:PATH} absolute, relative to {@code folder}. Returns any other text unchanged. */
    static String absolute(String name, Path folder) {
        return name.startsWith(FILE)
                ? FILE + FileReference.parse(name.substring(FILE.length())).from(folder)
                : name;
    }

    private String lookUp(String name, int colon) throws UnresolvedException {
        String key = colon < 0 ? name : name.substring(0, colon);
        String value = properties.get(key);
        if (value != null) {
            return value;
        }
        if (colon < 0) {
            throw new UnresolvedException("{{" + name + "}} has no value; expected it in <properties>");
        }
        return name.substring(colon + 1);
    }

    /** Resolves {@code {{file:PATH}}} to the content of a small file, such as a mounted secret, without white space at the end. */
    static final class FileFunction implements PropertiesFunction {
        @Override
        public String getName() {
            return "file";
        }

        @Override
        public String apply(String text) {
            FileReference reference = FileReference.parse(text);
            Path file = Path.of(reference.path());
            if (reference.otherwise().isPresent() && !Files.exists(file)) {
                return reference.otherwise().get();
            }
            try {
                if (Files.size(file) > MAX_SECRET) {
                    throw new IllegalArgumentException("larger than 64 KB");
                }
                return Files.readString(file).stripTrailing();
            } catch (IOException e) {
                throw new IllegalArgumentException("cannot be read", e);
            }
        }
    }
}
