package io.sendport.support;

import io.sendport.api.message.Body;
import java.io.IOException;
import java.io.InputStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.transform.TransformerConfigurationException;
import javax.xml.transform.TransformerFactory;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Makes XML processors that read only the input they are given: no document type declarations (and so no entities), no XInclude, no schema
 * or stylesheet from elsewhere, no extension functions. They are always the JDK's own, whatever is on the class path.
 */
public final class HardenedXml {

    private static final String DISALLOW_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";
    private static final String GENERAL_ENTITIES = "http://xml.org/sax/features/external-general-entities";
    private static final String PARAMETER_ENTITIES = "http://xml.org/sax/features/external-parameter-entities";
    private static final String MAX_DEPTH = "http://www.oracle.com/xml/jaxp/properties/maxElementDepth";
    private static final String ATTRIBUTE_LIMIT = "http://www.oracle.com/xml/jaxp/properties/elementAttributeLimit";
    private static final int DEEPEST = 500;
    /** The parser compares each attribute with the others, which takes seconds for a few thousand. */
    private static final int MAX_ATTRIBUTES = 200;

    private static final int MAX_PLAIN_ATTRIBUTES = 10_000;

    private HardenedXml() {}

    /** A namespace-aware SAX reader. It throws on malformed or hostile input. */
    public static XMLReader reader() {
        return reader(DEEPEST);
    }

    /**
     * As {@link #reader()}, for one document. It throws an {@link XmlLimitException} when the document exceeds {@code limits}, before a
     * handler sees the excess.
     */
    public static XMLReader reader(XmlLimits limits) {
        return limited(limits);
    }

    static LimitedReader limited(XmlLimits limits) {
        try {
            return new LimitedReader(reader(limits.depth() + 1), limits);
        } catch (SAXException e) {
            throw notHardened("XML parser", e);
        }
    }

    /** A SAX reader that is not namespace-aware, for elements with up to 10,000 attributes. */
    static XMLReader plainReader() {
        return reader(SAXParserFactory.newDefaultInstance(), DEEPEST, MAX_PLAIN_ATTRIBUTES);
    }

    private static XMLReader reader(int depth) {
        return reader(SAXParserFactory.newDefaultNSInstance(), depth, MAX_ATTRIBUTES);
    }

    private static XMLReader reader(SAXParserFactory factory, int depth, int attributes) {
        try {
            factory.setXIncludeAware(false);
            factory.setValidating(false);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature(DISALLOW_DOCTYPE, true);
            factory.setFeature(GENERAL_ENTITIES, false);
            factory.setFeature(PARAMETER_ENTITIES, false);
            var parser = factory.newSAXParser();
            parser.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            parser.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            parser.setProperty(MAX_DEPTH, depth);
            parser.setProperty(ATTRIBUTE_LIMIT, attributes);
            XMLReader reader = parser.getXMLReader();
            reader.setErrorHandler(new DefaultHandler());
            reader.setEntityResolver((publicId, systemId) -> {
                throw new SAXException("reference to " + systemId
                        + ": external references are not allowed; use a self-contained document");
            });
            return reader;
        } catch (ParserConfigurationException | SAXException e) {
            throw notHardened("XML parser", e);
        }
    }

    /** A namespace-aware DOM builder, for documents that are known to be small. Use {@link #tree} for others. */
    public static DocumentBuilder documentBuilder() {
        return documentBuilder(DEEPEST);
    }

    /**
     * Builds the tree of a document. A document that could exceed {@code limits} is first parsed and counted in constant
     * memory.
     *
     * @throws XmlLimitException when it exceeds the limits
     * @throws SAXException when it is not well-formed XML
     * @throws IOException when it cannot be read
     */
    public static Document tree(Body body, XmlLimits limits) throws SAXException, IOException {
        if (limits.canBeExceededBy(body.size())) {
            try (InputStream in = body.open()) {
                reader(limits).parse(new InputSource(in));
            }
        }
        try (InputStream in = body.open()) {
            return documentBuilder(limits.depth()).parse(in);
        } catch (SAXException e) {
            throw LimitedReader.converted(e);
        }
    }

    private static DocumentBuilder documentBuilder(int depth) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature(DISALLOW_DOCTYPE, true);
            factory.setFeature(GENERAL_ENTITIES, false);
            factory.setFeature(PARAMETER_ENTITIES, false);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setAttribute(MAX_DEPTH, depth);
            factory.setAttribute(ATTRIBUTE_LIMIT, MAX_ATTRIBUTES);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            builder.setEntityResolver((publicId, systemId) -> new InputSource(new java.io.StringReader("")));
            return builder;
        } catch (ParserConfigurationException e) {
            throw notHardened("XML parser", e);
        }
    }

    /** A factory of pull parsers. */
    public static XMLInputFactory inputFactory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(MAX_DEPTH, DEEPEST);
        factory.setProperty(ATTRIBUTE_LIMIT, MAX_ATTRIBUTES);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new javax.xml.stream.XMLStreamException("reference to " + systemId
                    + ": external references are not allowed; use a self-contained document");
        });
        return factory;
    }

    /** An XML Schema 1.0 factory. Its schemas can include or import only what they are given. */
    public static SchemaFactory schemaFactory() {
        try {
            SchemaFactory factory = SchemaFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            return factory;
        } catch (SAXException e) {
            throw notHardened("schema processor", e);
        }
    }

    /** An XSLT 1.0 factory: no import, include, document() or extension reaches outside. */
    public static TransformerFactory transformerFactory() {
        try {
            TransformerFactory factory = TransformerFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_STYLESHEET, "");
            return factory;
        } catch (TransformerConfigurationException e) {
            throw notHardened("stylesheet processor", e);
        }
    }

    private static IllegalStateException notHardened(String processor, Exception why) {
        return new IllegalStateException(
                "cannot disable external access in this JDK's " + processor + "; run Sendport on another JDK", why);
    }
}
