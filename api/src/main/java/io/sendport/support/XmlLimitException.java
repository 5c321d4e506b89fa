package io.sendport.support;

import org.xml.sax.SAXException;

/** A document exceeds its {@link XmlLimits}. The message names the limit and the attribute that sets it. */
public final class XmlLimitException extends SAXException {

    private static final long serialVersionUID = 1L;

    XmlLimitException(String message) {
        super(message);
    }
}
