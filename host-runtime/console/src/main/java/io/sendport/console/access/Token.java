package io.sendport.console.access;

import io.sendport.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A token of the API as the token file stores it, without its secret. Immutable; null is allowed nowhere.
 *
 * @param name the name of the token
 * @param sha256 the hash of the secret, in hex; the secret has 256 random bits, so a slow password hash is not necessary
 * @param grants the rights of the token
 * @param madeAt when the token was created
 * @param expiresAt when the token expires; empty if it never expires
 */
public record Token(String name, String sha256, List<Grant> grants, Instant madeAt, Optional<Instant> expiresAt) {

    /** The prefix of every secret, so that secret scanners find it. */
    public static final String PREFIX = "spt_";

    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Copies the list. */
    public Token {
        grants = List.copyOf(grants);
    }

    /** A new secret of 256 random bits. */
    public static String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The hash of a secret, as the token file stores it. */
    public static String hash(String secret) {
        return Sha256.hex(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the token has expired at {@code now}. */
    public boolean isExpired(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }
}
