package io.sendport.support;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The name of a document's root element.
 *
 * @param namespace its namespace; may be empty
 * @param localName its local name in that namespace
 */
public record XmlRoot(String namespace, String localName) {

    private static final String XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

    /**
     * The root of the document at the start of {@code in}. Reads only the start tag. Its namespace declarations are not compared with each
     * other, so ten thousand of them take only milliseconds.
     *
     * @return empty when the input is not XML, has a document type declaration, or has a start tag with more than 10,000 attributes
     * @throws IOException when it cannot be read
     */
    public static Optional<XmlRoot> of(InputStream in) throws IOException {
        Root root = new Root();
        try {
            XMLReader reader = HardenedXml.plainReader();
            reader.setContentHandler(root);
            reader.parse(new InputSource(in));
        } catch (Found e) {
            return Optional.ofNullable(root.found);
        } catch (SAXException | java.io.CharConversionException e) {
            // Not a well-formed document, or one that Sendport does not accept.
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Namespace and name in one text: {@code namespace#root}, or the name alone. */
    public String type() {
        return (namespace.isEmpty() ? "" : namespace + "#") + localName;
    }

    private static final class Root extends DefaultHandler {
        private @Nullable XmlRoot found;

        @Override
        public void startElement(String uri, String localName, String name, Attributes attributes) throws Found {
            int colon = name.indexOf(':');
            String prefix = colon < 0 ? "" : name.substring(0, colon);
            String local = name.substring(colon + 1);
            String declared = attributes.getValue(prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix);
            String namespace = declared != null ? declared : prefix.equals("xml") ? XML_NAMESPACE : "";
            boolean bound = prefix.isEmpty() || !namespace.isEmpty();
            boolean named = colon != 0 && !local.isEmpty() && local.indexOf(':') < 0;
            found = bound && named ? new XmlRoot(namespace, local) : null;
            throw new Found();
        }
    }

    /** Stops the parser after the root element. */
    private static final class Found extends SAXException {
        private static final long serialVersionUID = 1L;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
