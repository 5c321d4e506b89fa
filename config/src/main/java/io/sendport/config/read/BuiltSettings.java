package io.sendport.config.read;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.validation.Schema;
import javax.xml.validation.ValidatorHandler;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/** Validates a tree that a program built against the schema, as {@link LocatedXml} does with the tree of a file, and masks its secrets. */
final class BuiltSettings implements SchemaErrors.Place {

    private static final String NAMESPACE = "urn:sendport:config:1";
    /** Namespace declarations are attributes in the tree of {@code <promote>}. */
    private static final String DECLARATION = "xmlns:";

    private final ValidatorHandler validator;
    private final SchemaErrors errors;
    private final Map<String, String> masks;
    private final Deque<Settings> open = new ArrayDeque<>();
    private @Nullable Origin root;

    BuiltSettings(Schema schema, List<Problem> problems, Map<String, String> masks) {
        this.masks = masks;
        errors = new SchemaErrors(this, problems, masks);
        validator = schema.newValidatorHandler();
        validator.setErrorHandler(errors);
    }

    /** Returns the tree with masked secrets, and adds the problems that the schema finds. */
    Settings read(Settings tree) {
        root = tree.origin();
        Settings masked = masked(tree);
        try {
            validator.startDocument();
            validator.startPrefixMapping("", NAMESPACE);
            pass(masked);
            validator.endPrefixMapping("");
            validator.endDocument();
            errors.flush();
        } catch (SAXException e) {
            throw new IllegalStateException("cannot validate against the schema: " + e.getMessage(), e);
        }
        return masked;
    }

    private Settings masked(Settings element) {
        Map<String, Setting> attributes = new LinkedHashMap<>();
        element.attributes().forEach((name, setting) -> {
            boolean isSecret = SecretNames.isSecret(name, element.attributes())
                    || !setting.shown().equals(setting.value());
            Setting shown = isSecret ? new Setting(setting.value(), SecretText.MASK, setting.origin()) : setting;
            if (isSecret && setting.value().length() > 3) {
                masks.put(setting.value(), SecretText.MASK);
            }
            attributes.put(name, shown);
        });
        if (element.element().equals("promote")) {
            // The declaration that a file must have.
            attributes.put(DECLARATION, Setting.plain(NAMESPACE, element.origin()));
        }
        List<Settings> children = new ArrayList<>();
        element.children().forEach(child -> children.add(masked(child)));
        return new Settings(element.element(), element.origin(), attributes, children, element.content());
    }

    private void pass(Settings element) throws SAXException {
        open.push(element);
        AttributesImpl attributes = new AttributesImpl();
        element.attributes().forEach((name, setting) -> {
            if (!name.startsWith(DECLARATION)) {
                attributes.addAttribute("", name, name, "CDATA", setting.value());
            }
        });
        validator.startElement(NAMESPACE, element.element(), element.element(), attributes);
        errors.flush();
        char[] text = element.content().toCharArray();
        if (text.length > 0) {
            validator.characters(text, 0, text.length);
        }
        for (Settings child : element.children()) {
            pass(child);
        }
        validator.endElement(NAMESPACE, element.element(), element.element());
        errors.flush();
        open.pop();
    }

    @Override
    public String element() {
        Settings element = open.peek();
        return element == null ? "" : element.element();
    }

    /** Settings of a program have no placeholders. */
    @Override
    public boolean isUnresolved() {
        return false;
    }

    @Override
    public Optional<Origin> attribute(String name) {
        return Optional.ofNullable(open.peek())
                .map(element -> element.attributes().get(name))
                .map(Setting::origin);
    }

    @Override
    public Origin here() {
        Settings element = open.peek();
        if (element != null) {
            return element.origin();
        }
        return java.util.Objects.requireNonNull(root, "read first");
    }
}
