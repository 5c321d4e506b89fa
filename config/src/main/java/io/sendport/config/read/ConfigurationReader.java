package io.sendport.config.read;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.config.Configuration;
import io.sendport.config.FilePattern;
import io.sendport.config.Routing;
import io.sendport.support.Failures;
import io.sendport.support.HardenedXml;
import io.sendport.support.Sha256;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.net.URL;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/** Reads a configuration with all its files. It reports all problems together and corrects none. */
public final class ConfigurationReader {

    private static final int MAX_FILES = 1_000;

    private final Placeholders placeholders;

    /** Resolves placeholders with {@code placeholders}. */
    public ConfigurationReader(Placeholders placeholders) {
        this.placeholders = placeholders;
    }

    /** Reads {@code file} and all included files, and checks everything that can be checked without opening keys or classes. */
    public Reading read(Path file) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> properties = new LinkedHashMap<>();
        Map<String, String> masks = new HashMap<>();
        Set<Path> files = new LinkedHashSet<>();
        Scan scan = new Scan(problems, properties, files);
        scan.file(file.toAbsolutePath().normalize());
        placeholders.define(properties);
        if (problems.stream().anyMatch(problem -> problem.origin().line() == 0)) {
            return new Reading(Optional.empty(), problems, masks, List.of(), List.copyOf(files));
        }
        Schema schema = schema();
        List<Settings> roots = new ArrayList<>();
        boolean malformed = scan.malformed;
        for (Path each : files) {
            if (!scan.unreadable.contains(each)) {
                new LocatedXml(each, placeholders, schema, problems, masks)
                        .read()
                        .ifPresent(roots::add);
            }
        }
        if (malformed || roots.isEmpty()) {
            return new Reading(Optional.empty(), problems, masks, List.of(), List.copyOf(files));
        }
        Settings whole = new Settings(
                "sendport",
                roots.get(0).origin(),
                Map.of(),
                roots.stream().flatMap(root -> root.children().stream()).toList(),
                "");
        List<Problem> meant = unsupported(whole);
        Configuration configuration = new ConfigurationBuilder(
                        whole, file.toAbsolutePath().normalize(), properties, meant)
                .build(digest(files), List.copyOf(files), scan.patterns, scan.propertyFiles);
        return reading(whole, configuration, problems, meant, masks);
    }

    /**
     * Reads a configuration that a program built, with the same checks as a file. Values are literal: <code>{{</code> has no meaning in
     * them.
     *
     * @param tree the element {@code sendport}; each origin has a path, and the file of its root gives the folder of relative paths
     */
    public static Reading read(Settings tree) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> masks = new HashMap<>();
        Settings whole = new BuiltSettings(schema(), problems, masks).read(tree);
        for (String element : List.of("include", "properties")) {
            for (Settings each : whole.children(element)) {
                if (each.has("file")) {
                    problems.add(each.problem("file", "only a file can include a file", "add its content"));
                }
            }
        }
        Map<String, String> properties = new LinkedHashMap<>();
        whole.children("properties").stream()
                .flatMap(each -> each.children("property").stream())
                .forEach(each -> properties.put(each.text("name", ""), each.text("value", "")));
        List<Problem> meant = unsupported(whole);
        Configuration configuration = new ConfigurationBuilder(
                        whole, whole.origin().file(), properties, meant)
                .build(Sha256.hex(shown(whole).getBytes(StandardCharsets.UTF_8)), List.of(), List.of(), Set.of());
        return reading(whole, configuration, problems, meant, masks);
    }

    private static Reading reading(
            Settings whole,
            Configuration configuration,
            List<Problem> problems,
            List<Problem> meant,
            Map<String, String> masks) {
        List<Problem> written = List.copyOf(problems);
        meant.stream().filter(each -> !each.repeats(written)).forEach(problems::add);
        return new Reading(Optional.of(configuration), problems, masks, whole.children(), configuration.files());
    }

    private static List<Problem> unsupported(Settings whole) {
        List<Problem> problems = new ArrayList<>();
        UnsupportedSettings.check(whole, problems);
        return problems;
    }

    /** The content of the tree, with secrets masked. */
    private static String shown(Settings element) {
        StringBuilder text = new StringBuilder("<").append(element.element());
        element.attributes()
                .forEach((name, setting) ->
                        text.append(' ').append(name).append('=').append(Text.visible(setting.shown())));
        text.append('>').append(element.content()).append('\n');
        element.children().forEach(child -> text.append(shown(child)));
        return text.append("</>\n").toString();
    }

    /**
     * Reads only the settings that a client command needs, and resolves only the placeholders in them.
     *
     * @throws ConfigurationException when a file is missing or malformed, or when one of those settings is not valid
     */
    public Routing readRouting(Path file) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> properties = new LinkedHashMap<>();
        Scan scan = new Scan(problems, properties, new LinkedHashSet<>());
        scan.file(file.toAbsolutePath().normalize());
        placeholders.define(properties);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        RoutingBuilder builder = new RoutingBuilder(scan.raw, placeholders, problems);
        Routing routing = builder.build(new Origin(file.toAbsolutePath().normalize(), 1, 1));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return routing;
    }

    /** The schema of the configuration language. */
    public static URL schemaLocation() {
        URL url = Configuration.class.getResource("sendport.xsd");
        if (url == null) {
            throw new IllegalStateException("sendport.xsd is missing from the config module");
        }
        return url;
    }

    private static Schema schema() {
        try (InputStream in = schemaLocation().openStream()) {
            return HardenedXml.schemaFactory().newSchema(new StreamSource(in));
        } catch (IOException | SAXException e) {
            throw new IllegalStateException("sendport.xsd cannot be read", e);
        }
    }

    /** SHA-256 of the content of the files, in their order. */
    static String digest(Collection<Path> files) {
        try {
            MessageDigest sha256 = Sha256.digest();
            for (Path file : files) {
                sha256.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            throw new IllegalStateException("the configuration changed while it was read: " + e.getMessage(), e);
        }
    }

    /** First pass: finds the files, and the values for {@code {{name}}}. */
    private final class Scan {
        private final List<Problem> problems;
        private final Map<String, String> properties;
        private final Set<Path> files;
        private final List<FilePattern> patterns = new ArrayList<>();
        private final Set<Path> propertyFiles = new LinkedHashSet<>();
        private final Set<Path> unreadable = new LinkedHashSet<>();
        private final List<Settings> raw = new ArrayList<>();
        private boolean malformed;

        Scan(List<Problem> problems, Map<String, String> properties, Set<Path> files) {
            this.problems = problems;
            this.properties = properties;
            this.files = files;
        }

        void file(Path file) {
            if (!files.add(file)) {
                return;
            }
            Optional<Settings> root = new LocatedXml(file, null, null, problems, new HashMap<>()).read();
            if (root.isEmpty()) {
                malformed = true;
                unreadable.add(file);
                return;
            }
            raw.add(root.get());
            for (Settings element : root.get().children("properties")) {
                properties(element);
            }
            placeholders.define(properties);
            for (Settings element : root.get().children("include")) {
                include(element);
            }
        }

        private void include(Settings element) {
            String pattern = resolve(element, "file");
            if (pattern == null || pattern.isEmpty()) {
                return;
            }
            List<Path> found;
            try {
                found = named(element, pattern);
            } catch (IOException e) {
                problems.add(element.problem(
                        "file",
                        "cannot list \"" + pattern + "\": " + e.getMessage(),
                        "check the folder and its permissions"));
                return;
            }
            if (found.isEmpty()) {
                problems.add(element.problem(
                        "file",
                        "\"" + Text.printable(pattern) + "\" matches no file",
                        "expected a file relative to the folder of this one"));
            }
            if (files.size() + found.size() > MAX_FILES) {
                problems.add(element.problem(
                        "file", "the configuration has more than " + MAX_FILES + " files", "use a narrower pattern"));
                return;
            }
            found.forEach(this::file);
        }

        private List<Path> named(Settings element, String pattern) throws IOException {
            FilePattern all = new FilePattern(element.origin().folder(), pattern);
            patterns.add(all);
            return all.files();
        }

        private static String unreadable(Exception failure) {
            if (failure instanceof CharacterCodingException) {
                return "it is not valid UTF-8";
            }
            return failure instanceof IllegalArgumentException
                    ? "it has an invalid Unicode escape; write one as \\uXXXX"
                    : Text.printable(Failures.reason(failure));
        }

        private void properties(Settings element) {
            for (Settings property : element.children("property")) {
                properties.put(property.text("name", ""), property.text("value", ""));
            }
            String name = resolve(element, "file");
            if (name == null || name.isEmpty()) {
                return;
            }
            Path file = element.origin().folder().resolve(name).normalize();
            propertyFiles.add(file);
            Properties loaded = new Properties();
            try (Reader in = Files.newBufferedReader(file)) {
                loaded.load(in);
            } catch (IOException | IllegalArgumentException e) {
                problems.add(element.problem(
                        "file",
                        "\"" + Text.printable(name) + "\" cannot be read: " + unreadable(e),
                        "correct the file, or its path, at " + file));
                return;
            }
            loaded.stringPropertyNames().forEach(key -> properties.put(key, loaded.getProperty(key)));
        }

        private @Nullable String resolve(Settings element, String attribute) {
            try {
                return placeholders.resolve(
                        element.text(attribute, ""), element.origin().folder());
            } catch (Placeholders.UnresolvedException e) {
                // The second pass reports it together with all other unresolved placeholders.
                return null;
            }
        }
    }
}
