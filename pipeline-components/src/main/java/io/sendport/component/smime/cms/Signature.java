package io.sendport.component.smime.cms;

import java.util.Locale;
import java.util.Optional;

/** How a mail is signed. */
public enum Signature {
    /** Not at all. */
    NONE,
    /** multipart/signed: readable without S/MIME. */
    CLEAR,
    /** application/pkcs7-mime: readable only with S/MIME; survives relays that modify content. */
    OPAQUE;

    public static Optional<Signature> of(String word) {
        for (Signature signature : values()) {
            if (signature.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(signature);
            }
        }
        return Optional.empty();
    }
}
