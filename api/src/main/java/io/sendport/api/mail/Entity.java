package io.sendport.api.mail;

import io.sendport.api.message.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A MIME entity (RFC 2045 section 2.4): the Content-* fields and the body that they describe. An encoder sees and replaces only this.
 *
 * @param header the Content-* fields only
 * @param body lines end with CRLF unless the Content-Transfer-Encoding is binary
 */
public record Entity(HeaderFields header, Body body) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException when a field is not a Content-* field
     */
    public Entity {
        for (String name : header.names()) {
            if (!isContentField(name)) {
                throw new IllegalArgumentException("a part of a mail cannot have the field " + name
                        + "; give a part only Content-* fields, and set other fields on the mail itself");
            }
        }
    }

    /** Whether a field of this name describes an entity. */
    public static boolean isContentField(String name) {
        return name.regionMatches(true, 0, "Content-", 0, 8);
    }

    /** Writes header, empty line and body. */
    public void writeTo(OutputStream out) throws IOException {
        header.writeTo(out);
        out.write('\r');
        out.write('\n');
        try (InputStream in = body.open()) {
            in.transferTo(out);
        }
    }
}
