package io.sendport.config;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import javax.xml.namespace.NamespaceContext;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;

/**
 * A {@code <promote>} element.
 *
 * @param property the property to set
 * @param messageType only for messages of this type
 * @param xpath XPath 1.0 on the XML body
 * @param namespaces the prefixes in scope where it stands
 * @param audit whether the value goes on the ledger
 */
public record Promotion(
        String property, Optional<String> messageType, String xpath, Map<String, String> namespaces, boolean audit) {

    /**
     * The XPath with its prefixes bound, for one thread.
     *
     * @throws XPathExpressionException when it is none
     */
    public XPathExpression compile() throws XPathExpressionException {
        XPath compiler = XPathFactory.newDefaultInstance().newXPath();
        compiler.setNamespaceContext(new Prefixes(namespaces));
        return compiler.compile(xpath);
    }

    private record Prefixes(Map<String, String> namespaces) implements NamespaceContext {
        @Override
        public @Nullable String getNamespaceURI(String prefix) {
            return namespaces.get(prefix);
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
