package io.sendport.config;

import java.util.Map;
import java.util.Optional;

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
        String property, Optional<String> messageType, String xpath, Map<String, String> namespaces, boolean audit) {}
