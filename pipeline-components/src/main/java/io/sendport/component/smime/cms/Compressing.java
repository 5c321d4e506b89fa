package io.sendport.component.smime.cms;

import io.sendport.api.mail.Entity;
import io.sendport.api.message.Workspace;
import java.io.IOException;
import java.io.OutputStream;
import org.bouncycastle.cms.CMSCompressedDataStreamGenerator;
import org.bouncycastle.cms.jcajce.ZlibCompressor;

/** Compresses an entity (RFC 8551 section 3.6, RFC 3274). */
public final class Compressing {

    private Compressing() {}

    public static Entity compress(Content content, Workspace workspace) throws IOException {
        return Pkcs7.entity("compressed-data", workspace, out -> {
            try (OutputStream compressed = new CMSCompressedDataStreamGenerator().open(out, new ZlibCompressor())) {
                content.writeTo(compressed);
            }
        });
    }
}
