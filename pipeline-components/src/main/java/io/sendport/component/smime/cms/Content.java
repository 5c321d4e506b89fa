package io.sendport.component.smime.cms;

import java.io.IOException;
import java.io.OutputStream;

/** The content to sign or encrypt: a MIME entity with its header. It can be written repeatedly and always gives the same bytes. */
@FunctionalInterface
public interface Content {
    /** Writes all of the content; does not close {@code out}. */
    void writeTo(OutputStream out) throws IOException;
}
