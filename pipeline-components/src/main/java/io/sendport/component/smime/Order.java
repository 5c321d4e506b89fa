package io.sendport.component.smime;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The order of signing and encryption (RFC 8551 section 3.7). */
enum Order {
    /** The signature is inside: only recipients see who signed. */
    SIGN_ENCRYPT,
    /** The signature is outside: anyone can check who sent the encrypted content. */
    ENCRYPT_SIGN,
    /** Signed, encrypted, and signed again (RFC 2634). */
    TRIPLE;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Order> of(String word) {
        return List.of(values()).stream()
                .filter(each -> each.word().equals(word))
                .findFirst();
    }
}
