package io.sendport.config.build;

import io.sendport.api.settings.Secret;
import java.nio.file.Path;

/** Builds {@code <smime>}. Not thread-safe. */
public final class SmimeBuilder extends ElementBuilder<SmimeBuilder> {

    SmimeBuilder(Node node) {
        super(node);
    }

    /** Sets the defaults: {@code outlook-safe}, {@code rfc8551} or {@code biztalk-compatible}. */
    public SmimeBuilder profile(String name) {
        return set("profile", name);
    }

    /** Signs, with the text readable by everyone (multipart/signed). */
    public SmimeBuilder sign(Path key, Secret password) {
        return sign("clear", key, password);
    }

    /** Signs, with the text inside the signature (signed-data). */
    public SmimeBuilder signOpaque(Path key, Secret password) {
        return sign("opaque", key, password);
    }

    private SmimeBuilder sign(String signature, Path key, Secret password) {
        return set("signature", signature).set("signingKey", key).set("signingKeyPassword", password);
    }

    /** Encrypts for every recipient, with the certificates of a folder or a PKCS#12 file. */
    public SmimeBuilder encrypt(Path certificates) {
        return set("encrypt", true).set("recipientCertificates", certificates);
    }

    /** Encrypts for every recipient, with the certificates of a directory such as {@code ldaps://server/base}. */
    public SmimeBuilder encrypt(String directory) {
        return set("encrypt", true).set("recipientCertificates", directory);
    }

    /** Accepts only certificates that lead to an authority of this PEM file. */
    public SmimeBuilder trustStore(Path file) {
        return set("trustStore", file);
    }
}
