package io.sendport.support;

import org.xml.sax.SAXException;

/** A document holds more than its {@link XmlLimits} allow. Says which limit, and the attribute that sets it. */
public final class XmlLimitException extends SAXException {

    private static final long serialVersionUID = 1L;

    XmlLimitException(String message) {
        super(message);
    }
}
