package io.sendport.component.smime.cms;

import java.io.IOException;
import java.io.OutputStream;

/** What is signed or encrypted: a MIME entity with its header, written as often as it is asked for, always the same bytes. */
@FunctionalInterface
public interface Content {
    /** Writes all of it; does not close {@code out}. */
    void writeTo(OutputStream out) throws IOException;
}
