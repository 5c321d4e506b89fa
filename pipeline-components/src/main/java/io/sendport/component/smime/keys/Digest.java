package io.sendport.component.smime.keys;

import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Optional;

/** A message digest that a signature may use. */
public enum Digest {
    /** Broken; for old BizTalk decoders only. */
    SHA1("sha1", "SHA-1", "sha-1", 20),
    /** RFC 8551 section 2.1. */
    SHA256("sha256", "SHA-256", "sha-256", 32),
    /** FIPS 180-4. */
    SHA384("sha384", "SHA-384", "sha-384", 48),
    /** RFC 8551 section 2.1. */
    SHA512("sha512", "SHA-512", "sha-512", 64);

    private final String word;
    private final String jcaName;
    private final String micalg;
    private final int length;

    Digest(String word, String jcaName, String micalg, int length) {
        this.word = word;
        this.jcaName = jcaName;
        this.micalg = micalg;
        this.length = length;
    }

    static Optional<Digest> of(String word) {
        return List.of(values()).stream().filter(each -> each.word.equals(word)).findFirst();
    }

    String word() {
        return word;
    }

    /** As in {@code SHA-256}. */
    String jcaName() {
        return jcaName;
    }

    /** The micalg parameter of multipart/signed (RFC 8551 section 3.5.3.2). */
    public String micalg() {
        return micalg;
    }

    /** As in {@code SHA256withRSA}. */
    String with(String key) {
        return jcaName.replace("-", "") + "with" + key;
    }

    /** RSASSA-PSS with a salt of the digest's length, which every reader accepts. */
    PSSParameterSpec pss() {
        return new PSSParameterSpec(jcaName, "MGF1", new MGF1ParameterSpec(jcaName), length, 1);
    }
}
