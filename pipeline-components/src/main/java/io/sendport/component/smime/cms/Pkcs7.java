package io.sendport.component.smime.cms;

import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;
import io.sendport.api.message.Workspace;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The MIME form of a CMS object (RFC 8551 section 3.2), always in base64. */
final class Pkcs7 {

    private static final byte[] CRLF = {'\r', '\n'};

    private Pkcs7() {}

    /** {@code application/pkcs7-mime} of a kind such as {@code enveloped-data}. */
    static Entity entity(String kind, Workspace workspace, Workspace.Writer cms) throws IOException {
        String extension = kind.equals("compressed-data") ? "p7z" : "p7m";
        return wrapped("application/pkcs7-mime; smime-type=" + kind, extension, workspace, cms);
    }

    /** {@code application/pkcs7-NAME}, a part of a multipart/signed. */
    static Entity part(String name, String extension, Workspace workspace, Workspace.Writer cms) throws IOException {
        return wrapped("application/pkcs7-" + name, extension, workspace, cms);
    }

    private static Entity wrapped(String type, String extension, Workspace workspace, Workspace.Writer cms)
            throws IOException {
        Body body = workspace.write(out -> {
            try (OutputStream encoder = Base64.getMimeEncoder(76, CRLF).wrap(new NonClosingOutputStream(out))) {
                cms.writeTo(encoder);
            }
            out.write(CRLF);
        });
        return new Entity(
                HeaderFields.none()
                        .plus("Content-Type", type + "; name=\"smime." + extension + "\"")
                        .plus("Content-Transfer-Encoding", "base64")
                        .plus("Content-Disposition", "attachment; filename=\"smime." + extension + "\""),
                body);
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Does not close the underlying stream. */
    private static final class NonClosingOutputStream extends FilterOutputStream {
        NonClosingOutputStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte @Nullable [] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {
            // The enclosing writer continues to use the stream.
        }
    }
}
