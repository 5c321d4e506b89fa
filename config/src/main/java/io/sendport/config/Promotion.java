package io.sendport.config;

import io.sendport.api.message.Body;
import io.sendport.support.Failures;
import io.sendport.support.HardenedXml;
import io.sendport.support.XmlLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.namespace.NamespaceContext;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/**
 * A {@code <promote>} element.
 *
 * @param property the property to set
 * @param messageType the type of messages to read; empty for all
 * @param xpath XPath 1.0 on the XML body; empty to use the value that the submitter set
 * @param namespaces the prefixes in scope at the element
 * @param audit whether the value is recorded on the ledger
 * @param limits limits of the documents
 */
public record Promotion(
        String property,
        Optional<String> messageType,
        Optional<String> xpath,
        Map<String, String> namespaces,
        boolean audit,
        XmlLimits limits) {

    /** A document for finding faults that do not depend on the document. */
    private static final Body TRIAL = Body.of("<trial/>", StandardCharsets.US_ASCII);

    /** The fault of the XPath that occurs with any document; empty when there is none. */
    public Optional<String> fault() {
        Optional<String> unknown = xpath.flatMap(XPathWords::unknown);
        if (xpath.isEmpty() || unknown.isPresent()) {
            return unknown;
        }
        try {
            compile().evaluate(HardenedXml.tree(TRIAL, XmlLimits.DEFAULT));
            return Optional.empty();
        } catch (XPathExpressionException e) {
            return Optional.of(reason(e));
        } catch (SAXException | IOException e) {
            throw new IllegalStateException("this JDK's XML parser does not read a document in memory", e);
        } catch (RuntimeException e) {
            // The JDK's compiler throws this for some functions that exist only in XSLT.
            return Optional.of("it cannot be compiled: " + e.getMessage());
        }
    }

    /** Why an XPath fails, in the words of the processor. */
    public static String reason(XPathExpressionException e) {
        return Failures.reason(e);
    }

    /**
     * Compiles the XPath with its prefixes. The result is not thread-safe.
     *
     * @throws java.util.NoSuchElementException when there is none
     * @throws XPathExpressionException when it is not a valid XPath
     */
    public XPathExpression compile() throws XPathExpressionException {
        XPath compiler = XPathFactory.newDefaultInstance().newXPath();
        compiler.setNamespaceContext(new Prefixes(namespaces));
        return compiler.compile(xpath.orElseThrow());
    }

    private record Prefixes(Map<String, String> namespaces) implements NamespaceContext {
        @Override
        public @Nullable String getNamespaceURI(String prefix) {
            return prefix.equals(XMLConstants.XML_NS_PREFIX) ? XMLConstants.XML_NS_URI : namespaces.get(prefix);
        }

        @Override
        public @Nullable String getPrefix(String namespace) {
            return null;
        }

        @Override
        public Iterator<String> getPrefixes(String namespace) {
            return Collections.emptyIterator();
        }
    }
}
