package io.sendport.api.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * An element of the configuration as its component or adapter sees it: effective attributes (the port overrides the pipeline, which
 * overrides the host), nested elements and text. Immutable and thread-safe.
 */
public final class Settings {

    private final String element;
    private final Origin origin;
    private final Map<String, Setting> attributes;
    private final List<Settings> children;
    private final String content;

    /** Takes all that the element holds; {@code content} is its own text without indentation. */
    public Settings(
            String element, Origin origin, Map<String, Setting> attributes, List<Settings> children, String content) {
        this.element = element;
        this.origin = origin;
        this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        this.children = List.copyOf(children);
        this.content = content;
    }

    /** The element's name, such as {@code smime}. */
    public String element() {
        return element;
    }

    /** The position of the element in the configuration. */
    public Origin origin() {
        return origin;
    }

    /** The attributes by name, in the order they were written. */
    public Map<String, Setting> attributes() {
        return attributes;
    }

    /** The nested elements, in order. */
    public List<Settings> children() {
        return children;
    }

    /** The nested elements of one name, in order. */
    public List<Settings> children(String name) {
        return children.stream().filter(child -> child.element.equals(name)).toList();
    }

    /** The first nested element with that name; empty when there is none. */
    public Optional<Settings> child(String name) {
        return children(name).stream().findFirst();
    }

    /** The element's own text without indentation; may be empty. */
    public String content() {
        return content;
    }

    /** Whether the attribute is present, even if empty. */
    public boolean has(String name) {
        return attributes.containsKey(name);
    }

    /** The position of the attribute, or of the element when the attribute is absent. */
    public Origin originOf(String name) {
        Setting setting = attributes.get(name);
        return setting == null ? origin : setting.origin();
    }

    /** The attribute's value; empty when it is absent or empty ({@code cc=""} means none). */
    public Optional<String> text(String name) {
        return Optional.ofNullable(attributes.get(name)).map(Setting::value).filter(value -> !value.isEmpty());
    }

    /** The attribute's value, or {@code otherwise}. */
    public String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    /**
     * The attribute's value.
     *
     * @throws IllegalArgumentException when it is absent or empty
     */
    public String require(String name) {
        return text(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        origin + ": <" + element + "> is missing the required attribute " + name));
    }

    /** A file or folder, relative to the configuration file that contains the attribute. */
    public Optional<Path> path(String name) {
        return text(name).map(value -> originOf(name).folder().resolve(value).normalize());
    }

    /** {@code true} or {@code false}; {@code otherwise} when absent. */
    public boolean flag(String name, boolean otherwise) {
        return text(name).map(Boolean::parseBoolean).orElse(otherwise);
    }

    /**
     * A whole number; {@code otherwise} when absent.
     *
     * @throws SettingException when it is not a whole number
     */
    public int number(String name, int otherwise) {
        return text(name)
                .map(value -> parse(name, value, Integer::valueOf, "a whole number"))
                .orElse(otherwise);
    }

    /**
     * An ISO 8601 duration; {@code otherwise} when absent.
     *
     * @throws SettingException when it is not a duration
     */
    public Duration duration(String name, Duration otherwise) {
        return text(name)
                .map(value -> parse(name, value, Duration::parse, "a duration such as PT30S"))
                .orElse(otherwise);
    }

    /**
     * A number of bytes such as {@code 25MB} (B, KB, MB, GB, TB, powers of 1024); {@code otherwise} when absent.
     *
     * @throws SettingException when it is not a size
     */
    public long bytes(String name, long otherwise) {
        return text(name)
                .map(value -> parse(name, value, ByteSize::parse, "a size such as 25MB"))
                .orElse(otherwise);
    }

    /** A password or similar secret. */
    public Optional<Secret> secret(String name) {
        return text(name).map(Secret::new);
    }

    /**
     * These settings with {@code base} as defaults. An attribute of these settings overrides the one of {@code base}. Nested elements with
     * a given name come from these settings if there is one, else from {@code base}.
     */
    public Settings over(Settings base) {
        Map<String, Setting> merged = new LinkedHashMap<>(base.attributes);
        merged.putAll(attributes);
        Set<String> own = new HashSet<>();
        children.forEach(child -> own.add(child.element));
        List<Settings> nested = new ArrayList<>(children);
        base.children.stream().filter(child -> !own.contains(child.element)).forEach(nested::add);
        return new Settings(element, origin, merged, nested, content.isEmpty() ? base.content : content);
    }

    /** These settings without the given attributes. */
    public Settings without(Collection<String> names) {
        Map<String, Setting> rest = new LinkedHashMap<>(attributes);
        rest.keySet().removeAll(names);
        return new Settings(element, origin, rest, children, content);
    }

    /** An element without attributes. */
    public static Settings empty(String element, Origin origin) {
        return new Settings(element, origin, Map.of(), List.of(), "");
    }

    /** A problem with one attribute of this element. */
    public Problem problem(String attribute, String message, String advice) {
        return Problem.error(originOf(attribute), "<" + element + "> " + attribute, message, advice);
    }

    private <T> T parse(String name, String value, Function<String, T> parser, String expected) {
        try {
            return parser.apply(value);
        } catch (RuntimeException e) {
            Setting setting = attributes.get(name);
            String shown = setting == null ? value : setting.shown();
            throw new SettingException(problem(name, "\"" + shown + "\" is not valid", "expected " + expected), e);
        }
    }

    /** Element and attribute names only, no values. */
    @Override
    public String toString() {
        return "<" + element + " " + String.join(" ", attributes.keySet()) + "> at " + origin;
    }
}
