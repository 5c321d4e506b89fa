package io.sendport.config.read;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.support.text.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Collects the messages of the schema validator, in plain words and without secrets. Reports a failed placeholder only once. */
final class SchemaErrors extends DefaultHandler {

    /** The validator's second message about a value. */
    private static final Pattern OF_ATTRIBUTE =
            Pattern.compile("^cvc-attribute\\.3: .* of attribute '([^']+)'", Pattern.DOTALL);

    /** An attribute that the element does not have. */
    private static final Pattern UNKNOWN = Pattern.compile("^cvc-complex-type\\.3\\.2\\.2: Attribute '([^']+)'");

    /** The element that the validator is at. */
    interface Place {
        /** Its name; empty outside the root. */
        String element();

        /** Whether one of its attributes has a placeholder without a value, which is already reported. */
        boolean isUnresolved();

        /** The position of an attribute; empty when it is not known. */
        Optional<Origin> attribute(String name);

        /** The position of the element. */
        Origin here();
    }

    private final Place place;
    private final List<Problem> problems;
    private final Map<String, String> masks;
    private @Nullable SAXParseException held;

    SchemaErrors(Place place, List<Problem> problems, Map<String, String> masks) {
        this.place = place;
        this.problems = problems;
        this.masks = masks;
    }

    /** Combines two messages: the first describes the fault of a value, the second has the name of the attribute. */
    @Override
    public void error(SAXParseException e) {
        String message = String.valueOf(e.getMessage());
        SAXParseException value = held;
        Matcher named = OF_ATTRIBUTE.matcher(message);
        if (value != null && (named.find() || message.startsWith("cvc-complex-type.2.2"))) {
            held = null;
            report(value, named.reset().find() ? named.group(1) : "");
            return;
        }
        flush();
        held = e;
    }

    /** Reports the last message of the element. */
    void flush() {
        SAXParseException value = held;
        if (value != null) {
            held = null;
            Matcher unknown = UNKNOWN.matcher(String.valueOf(value.getMessage()));
            report(value, unknown.find() ? unknown.group(1) : "");
        }
    }

    private void report(SAXParseException e, String attribute) {
        if (place.isUnresolved()) {
            return;
        }
        String message = String.valueOf(e.getMessage());
        String element = place.element();
        boolean isNamed = !attribute.isEmpty() && !element.isEmpty();
        String tag = element.isEmpty() ? "" : "<" + element + ">";
        String where = isNamed && !UNKNOWN.matcher(message).find() ? tag + " " + attribute : tag;
        Origin origin = place.attribute(isNamed ? attribute : "").orElseGet(place::here);
        String plain = SchemaMessage.plain(message);
        for (Map.Entry<String, String> mask : masks.entrySet()) {
            plain = plain.replace("'" + mask.getKey() + "'", "'" + mask.getValue() + "'");
        }
        plain = plain.replaceFirst("^(?:element )?" + Pattern.quote(tag) + " ", "");
        problems.add(Problem.error(origin, where, Text.printable(plain, 600), ""));
    }

    @Override
    public void fatalError(SAXParseException e) {
        error(e);
    }
}
