package io.sendport.support;

import io.sendport.support.text.Text;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXNotRecognizedException;
import org.xml.sax.SAXNotSupportedException;
import org.xml.sax.XMLReader;
import org.xml.sax.ext.LexicalHandler;
import org.xml.sax.helpers.XMLFilterImpl;

/** Counts the events that pass to a tree builder and stops at the limits. For one document. */
final class LimitedReader extends XMLFilterImpl implements LexicalHandler {

    private static final String LEXICAL_HANDLER = "http://xml.org/sax/properties/lexical-handler";

    private static final Pattern LIMIT_OF_PARSER = Pattern.compile("JAXP0001\\d{4}");

    private final XmlLimits limits;
    private @Nullable LexicalHandler lexical;
    private long elements;
    private long attributes;
    private int depth;
    private Optional<String> fault = Optional.empty();

    LimitedReader(XMLReader parent, XmlLimits limits) throws SAXNotRecognizedException, SAXNotSupportedException {
        super(parent);
        this.limits = limits;
        // A filter replaces both handlers of its parent and has none at first.
        setEntityResolver(parent.getEntityResolver());
        setErrorHandler(parent.getErrorHandler());
        parent.setProperty(LEXICAL_HANDLER, this);
    }

    @Override
    public void parse(InputSource input) throws SAXException, IOException {
        try {
            super.parse(input);
        } catch (SAXException e) {
            SAXException converted = converted(e);
            if (converted instanceof XmlLimitException) {
                fault = Optional.of(String.valueOf(converted.getMessage()));
            }
            throw converted;
        }
    }

    /** The limit that was exceeded. The caller may have wrapped or swallowed the exception. */
    Optional<String> fault() {
        return fault;
    }

    /**
     * Converts an exception about the parser's own limits, such as the number of attributes of one element, to an {@link
     * XmlLimitException}.
     */
    static SAXException converted(SAXException e) {
        String message = String.valueOf(e.getMessage());
        return !(e instanceof XmlLimitException)
                        && LIMIT_OF_PARSER.matcher(message).find()
                ? new XmlLimitException("the XML exceeds a limit of the parser: " + Text.printable(message))
                : e;
    }

    @Override
    public void setProperty(String name, @Nullable Object value)
            throws SAXNotRecognizedException, SAXNotSupportedException {
        if (name.equals(LEXICAL_HANDLER)) {
            lexical = (LexicalHandler) value;
        } else {
            super.setProperty(name, value);
        }
    }

    private static XmlLimitException exceeded(int limit, String what, String attribute) {
        return new XmlLimitException(
                "the XML has more than " + limit + " " + what + "; " + attribute + " sets the limit");
    }

    private void countElement() throws XmlLimitException {
        if (++elements > limits.elements()) {
            throw exceeded(limits.elements(), "elements", "maxElements");
        }
    }

    private void countAttributes(int more) throws XmlLimitException {
        attributes += more;
        if (attributes > limits.attributes()) {
            throw exceeded(limits.attributes(), "attributes and namespace declarations", "maxAttributes");
        }
    }

    @Override
    public void startPrefixMapping(String prefix, String uri) throws SAXException {
        countAttributes(1);
        super.startPrefixMapping(prefix, uri);
    }

    @Override
    public void startElement(String uri, String localName, String name, Attributes given) throws SAXException {
        countElement();
        countAttributes(attributes(given));
        if (++depth > limits.depth()) {
            throw exceeded(limits.depth(), "nested elements", "maxDepth");
        }
        super.startElement(uri, localName, name, given);
    }

    /** The number of attributes without namespace declarations, which are counted separately, even where they also appear as attributes. */
    private static int attributes(Attributes given) {
        int count = 0;
        for (int i = 0; i < given.getLength(); i++) {
            String name = given.getQName(i);
            count += name.equals("xmlns") || name.startsWith("xmlns:") ? 0 : 1;
        }
        return count;
    }

    @Override
    public void endElement(String uri, String localName, String name) throws SAXException {
        depth--;
        super.endElement(uri, localName, name);
    }

    @Override
    public void processingInstruction(String target, String data) throws SAXException {
        countElement();
        super.processingInstruction(target, data);
    }

    @Override
    public void comment(char[] characters, int start, int length) throws SAXException {
        countElement();
        if (lexical != null) {
            lexical.comment(characters, start, length);
        }
    }

    @Override
    public void startCDATA() throws SAXException {
        countElement();
        if (lexical != null) {
            lexical.startCDATA();
        }
    }

    @Override
    public void endCDATA() throws SAXException {
        if (lexical != null) {
            lexical.endCDATA();
        }
    }

    @Override
    public void startDTD(String name, String publicId, String systemId) {
        // A document with a document type declaration has been refused before this.
    }

    @Override
    public void endDTD() {
        // See startDTD.
    }

    @Override
    public void startEntity(String name) {
        // Entities need a document type declaration, which is refused.
    }

    @Override
    public void endEntity(String name) {
        // See startEntity.
    }
}
