package io.sendport.component.mime;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;
import io.sendport.api.message.Workspace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A MIME structure that can be written: a leaf with content, or a multipart. */
sealed interface MimeNode {

    /** The Content-* fields. */
    HeaderFields header();

    /** Writes the body, without the header. */
    void writeBody(OutputStream out) throws IOException;

    /** Header, empty line and body. */
    default void writeTo(OutputStream out) throws IOException {
        header().writeTo(out);
        out.write('\r');
        out.write('\n');
        writeBody(out);
    }

    /** The structure as an entity, with its body written once to the workspace. */
    default Entity render(Workspace workspace) throws IOException {
        return new Entity(header(), workspace.write(this::writeWhole));
    }

    /**
     * Writes the body of a mail, which ends with a line end. Inside a multipart, the line end before a boundary belongs to the boundary.
     */
    default void writeWhole(OutputStream out) throws IOException {
        writeBody(out);
    }

    /** Content in a transfer encoding; {@code fields} are its Content-* fields except for the encoding. */
    record Leaf(HeaderFields fields, Body content, TransferEncoding encoding) implements MimeNode {
        @Override
        public HeaderFields header() {
            return fields.plus("Content-Transfer-Encoding", encoding.token());
        }

        @Override
        public void writeBody(OutputStream out) throws IOException {
            encoding.write(content, out);
            out.write(new byte[] {'\r', '\n'});
        }

        @Override
        public void writeWhole(OutputStream out) throws IOException {
            if (!encoding.write(content, out)) {
                encoding.endLine(out);
            }
        }
    }

    /** A multipart/* of other nodes. */
    record Multipart(String subtype, String boundary, List<MimeNode> children) implements MimeNode {
        @Override
        public HeaderFields header() {
            HeaderFields header = HeaderFields.none()
                    .plus("Content-Type", "multipart/" + subtype + "; boundary=\"" + boundary + "\"");
            return isEightBit() ? header.plus("Content-Transfer-Encoding", "8bit") : header;
        }

        /** A multipart is marked as 8bit when any part of it is (RFC 2045 section 6.4). */
        private boolean isEightBit() {
            return children.stream().anyMatch(child -> child.header()
                    .first("Content-Transfer-Encoding")
                    .orElse("")
                    .equals("8bit"));
        }

        @Override
        public void writeBody(OutputStream out) throws IOException {
            for (MimeNode child : children) {
                out.write(("--" + boundary + "\r\n").getBytes(StandardCharsets.US_ASCII));
                child.writeTo(out);
            }
            out.write(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
