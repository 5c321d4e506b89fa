package io.sendport.console.access;

import io.sendport.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A token of the API, as the file has it: without its secret. Immutable; null is allowed nowhere.
 *
 * @param name of whoever has it
 * @param sha256 of the secret, in hex: the secret is random and long, so that no slow hash is needed
 * @param grants what it allows
 * @param madeAt when it was made
 * @param expiresAt from when on it counts no more; empty: never
 */
public record Token(String name, String sha256, List<Grant> grants, Instant madeAt, Optional<Instant> expiresAt) {

    /** What every secret begins with, so that scanners for secrets find it. */
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

    /** What the file has of a secret. */
    public static String hash(String secret) {
        return Sha256.hex(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it counts no more at {@code now}. */
    public boolean isExpired(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }
}
