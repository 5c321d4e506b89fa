package io.sendport.config.read;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.support.HardenedXml;
import io.sendport.support.text.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.validation.Schema;
import javax.xml.validation.ValidatorHandler;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.AttributesImpl;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads one XML file into a tree of {@link Settings} that knows the position of everything. Placeholders in attributes are resolved before
 * the schema sees them.
 */
final class LocatedXml {

    /** A placeholder that reads something outside the configuration; shown as it was written. */
    private static final Pattern FUNCTION = Pattern.compile("\\{\\{[^{}:]+:");

    private static final int MAX_BYTES = 64 * 1024 * 1024;

    private final Path file;
    private final @Nullable Placeholders placeholders;
    private final @Nullable Schema schema;
    private final List<Problem> problems;
    private final Map<String, String> masks;

    /** Without placeholders and schema, the tree is read as it is written. */
    LocatedXml(
            Path file,
            @Nullable Placeholders placeholders,
            @Nullable Schema schema,
            List<Problem> problems,
            Map<String, String> masks) {
        this.file = file;
        this.placeholders = placeholders;
        this.schema = schema;
        this.problems = problems;
        this.masks = masks;
    }

    /** The root element. Empty, with a problem added, when the file cannot be read or is malformed. */
    Optional<Settings> read() {
        try {
            if (Files.size(file) > MAX_BYTES) {
                problems.add(Problem.error(
                        new Origin(file, 0, 0),
                        "",
                        "the file has " + Files.size(file) + " bytes",
                        "expected at most 64 MB"));
                return Optional.empty();
            }
            byte[] bytes = Files.readAllBytes(file);
            try (InputStream in = new ByteArrayInputStream(bytes)) {
                Tree tree = new Tree(TagText.of(file, bytes));
                XMLReader reader = HardenedXml.reader();
                reader.setContentHandler(tree);
                reader.setErrorHandler(tree);
                InputSource source = new InputSource(in);
                source.setSystemId(file.toUri().toString());
                reader.parse(source);
                return Optional.ofNullable(tree.root);
            }
        } catch (SAXParseException e) {
            problems.add(Problem.error(
                    new Origin(file, e.getLineNumber(), e.getColumnNumber()),
                    "",
                    Text.printable(SchemaMessage.plain(String.valueOf(e.getMessage()))),
                    "expected well-formed XML without a document type declaration"));
        } catch (NoSuchFileException e) {
            problems.add(Problem.error(new Origin(file, 0, 0), "", "the file does not exist", "check the path"));
        } catch (IOException | SAXException e) {
            problems.add(Problem.error(
                    new Origin(file, 0, 0),
                    "",
                    "cannot be read: " + Text.printable(String.valueOf(e.getMessage())),
                    ""));
        }
        return Optional.empty();
    }

    /** An element whose end tag has not been read yet. */
    private static final class Open {
        final String name;
        final Origin origin;
        final Map<String, Setting> attributes = new LinkedHashMap<>();
        final List<Settings> children = new ArrayList<>();
        final StringBuilder text = new StringBuilder();

        Open(String name, Origin origin) {
            this.name = name;
            this.origin = origin;
        }
    }

    /** Builds the tree and passes each event to the schema's validator. */
    private final class Tree extends DefaultHandler implements SchemaErrors.Place {
        private final Deque<Open> open = new ArrayDeque<>();
        private final Deque<Map.Entry<String, String>> prefixes = new ArrayDeque<>();

        private @Nullable ValidatorHandler validator;
        private @Nullable Locator locator;
        private @Nullable Settings root;
        private boolean unresolvedHere;
        private final TagText text;
        private final SchemaErrors errors = new SchemaErrors(this, problems, masks);
        private Map<String, Origin> places = Map.of();

        Tree(TagText text) {
            this.text = text;
        }

        @Override
        public void setDocumentLocator(Locator locator) {
            this.locator = locator;
        }

        @Override
        public void startDocument() throws SAXException {
            if (schema != null) {
                ValidatorHandler handler = schema.newValidatorHandler();
                handler.setErrorHandler(errors);
                if (locator != null) {
                    handler.setDocumentLocator(locator);
                }
                handler.startDocument();
                validator = handler;
            }
        }

        @Override
        public void endDocument() throws SAXException {
            if (validator != null) {
                validator.endDocument();
                errors.flush();
            }
        }

        @Override
        public void startPrefixMapping(String prefix, String uri) throws SAXException {
            prefixes.push(Map.entry(prefix, uri));
            if (validator != null) {
                validator.startPrefixMapping(prefix, uri);
            }
        }

        @Override
        public void endPrefixMapping(String prefix) throws SAXException {
            prefixes.pop();
            if (validator != null) {
                validator.endPrefixMapping(prefix);
            }
        }

        @Override
        public void startElement(String uri, String localName, String qName, Attributes given) throws SAXException {
            Open element = new Open(localName, here());
            places = given.getLength() == 0 ? Map.of() : text.attributes(element.origin);
            AttributesImpl resolved = new AttributesImpl(given);
            unresolvedHere = false;
            for (int i = 0; i < given.getLength(); i++) {
                if (given.getURI(i).isEmpty()) {
                    Setting setting = setting(element, given.getLocalName(i), given.getValue(i));
                    resolved.setValue(i, setting.value());
                    element.attributes.put(given.getLocalName(i), setting);
                }
            }
            if (localName.equals("promote")) {
                prefixes.forEach(prefix -> element.attributes.put(
                        "xmlns:" + prefix.getKey(), Setting.plain(prefix.getValue(), element.origin)));
            }
            open.push(element);
            if (validator != null) {
                validator.startElement(uri, localName, qName, resolved);
                errors.flush();
            }
        }

        @Override
        public void endElement(String uri, String localName, String qName) throws SAXException {
            unresolvedHere = false;
            if (validator != null) {
                validator.endElement(uri, localName, qName);
                errors.flush();
            }
            Open done = open.pop();
            Settings settings = new Settings(
                    done.name, done.origin, done.attributes, done.children, outdented(done.text.toString()));
            Open parent = open.peek();
            if (parent == null) {
                root = settings;
            } else {
                parent.children.add(settings);
            }
        }

        @Override
        public void characters(char[] characters, int start, int length) throws SAXException {
            if (validator != null) {
                validator.characters(characters, start, length);
            }
            Open element = open.peek();
            if (element != null) {
                element.text.append(characters, start, length);
            }
        }

        @Override
        public void ignorableWhitespace(char[] characters, int start, int length) throws SAXException {
            characters(characters, start, length);
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }

        private Setting setting(Open element, String name, String raw) {
            String value = raw;
            Origin origin = places.getOrDefault(name, element.origin);
            if (placeholders != null && raw.contains("{{")) {
                try {
                    value = placeholders.resolve(raw, element.origin.folder());
                    for (Path file : SecretFiles.readableByOthers(raw, element.origin.folder())) {
                        problems.add(Problem.warning(
                                origin,
                                "<" + element.name + "> " + name,
                                "every user of this machine can read " + file,
                                "chmod 600 " + file));
                    }
                } catch (Placeholders.UnresolvedException e) {
                    unresolvedHere = true;
                    problems.add(Problem.error(
                            origin, "<" + element.name + "> " + name, String.valueOf(e.getMessage()), ""));
                }
            }
            boolean outside = FUNCTION.matcher(raw).find();
            boolean secret = SecretNames.isSecret(name, element.attributes);
            if (secret && placeholders != null && !raw.contains("{{") && !value.isEmpty()) {
                problems.add(Problem.warning(
                        origin,
                        "<" + element.name + "> " + name,
                        "is written here in plain text, readable by everyone who can read the file",
                        "move the value out of this file: use {{env:NAME}} or {{file:PATH}}"));
            }
            String shown = secret ? SecretText.shown(outside ? raw : "") : outside ? raw : value;
            if (!shown.equals(value) && value.length() > 3) {
                masks.put(value, shown);
            }
            return new Setting(value, shown, origin);
        }

        @Override
        public String element() {
            Open element = open.peek();
            return element == null ? "" : element.name;
        }

        @Override
        public boolean isUnresolved() {
            return unresolvedHere;
        }

        @Override
        public Optional<Origin> attribute(String name) {
            return Optional.ofNullable(places.get(name));
        }

        @Override
        public Origin here() {
            return locator == null
                    ? new Origin(file, 0, 0)
                    : new Origin(file, locator.getLineNumber(), locator.getColumnNumber());
        }
    }

    /** {@code text} without white space that only formats the file: outer empty lines and common indentation. */
    static String outdented(String text) {
        if (text.isBlank()) {
            return "";
        }
        List<String> lines = new ArrayList<>(text.lines().toList());
        while (lines.get(0).isBlank()) {
            lines.remove(0);
        }
        while (lines.get(lines.size() - 1).isBlank()) {
            lines.remove(lines.size() - 1);
        }
        return String.join("\n", lines).stripIndent();
    }
}
