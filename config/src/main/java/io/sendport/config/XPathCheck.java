package io.sendport.config;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import javax.xml.namespace.NamespaceContext;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;

/** Compiles an XPath to see whether it is one. */
final class XPathCheck {

    private XPathCheck() {}

    static Optional<String> faultOf(Promotion promotion) {
        var xpath = XPathFactory.newDefaultInstance().newXPath();
        xpath.setNamespaceContext(new Prefixes(promotion.namespaces()));
        try {
            xpath.compile(promotion.xpath());
            return Optional.empty();
        } catch (XPathExpressionException e) {
            return Optional.of("\"" + promotion.xpath() + "\" is no XPath: " + e.getMessage());
        }
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
