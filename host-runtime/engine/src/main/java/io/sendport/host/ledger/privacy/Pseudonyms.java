package io.sendport.host.ledger.privacy;

import io.sendport.config.AuditDisclosure;
import io.sendport.config.AuditLedgerSettings;
import io.sendport.host.ledger.Disclosure;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Creates pseudonyms for addresses and subjects on the ledger: HMAC-SHA-256 with a key outside the store. Without the key, nobody can
 * find an address by guessing. Safe for use by several threads.
 */
public final class Pseudonyms {

    /** The prefix of every pseudonym. */
    public static final String PREFIX = "hmac:";

    private static final int KEY_BYTES = 32;

    private final Path file;
    private @Nullable SecretKeySpec key;

    private Pseudonyms(Path file) {
        this.file = file;
    }

    /** Uses the configured key file, or else the key file beside the store at {@code place}. */
    public static Pseudonyms of(Path place, AuditLedgerSettings settings) {
        return new Pseudonyms(file(place, settings));
    }

    /** Returns the configured key file, or else the key file beside the store at {@code place}. */
    public static Path file(Path place, AuditLedgerSettings settings) {
        return settings.pseudonymKey().orElse(place.resolveSibling(place.getFileName() + ".pseudonym-key"));
    }

    /**
     * Returns the disclosure under {@code settings}. Creates the key if it is needed and does not exist.
     *
     * @throws IllegalStateException when the key is needed but not available
     */
    public Disclosure disclosure(AuditDisclosure settings) {
        if (settings.isPlain()) {
            return Disclosure.PLAIN;
        }
        if (settings.isHashing()) {
            createKeyIfMissing();
        }
        return new Disclosure(
                switch (settings.subject()) {
                    case PLAIN -> text -> text;
                    case HASHED -> this::pseudonym;
                    case OFF -> null;
                },
                settings.recipients() == AuditDisclosure.Level.HASHED
                        ? address -> pseudonym(address.toLowerCase(Locale.ROOT))
                        : address -> address,
                false);
    }

    /** Returns the pseudonym of {@code address}; empty when the key file does not exist or this user cannot read it. */
    public Optional<String> ofAddress(String address) {
        return Files.isReadable(file) ? Optional.of(pseudonym(address.toLowerCase(Locale.ROOT))) : Optional.empty();
    }

    /**
     * Returns the pseudonym of {@code text}.
     *
     * @throws IllegalStateException when the key is not available; {@link #disclosure} creates it
     */
    public String ofText(String text) {
        return pseudonym(text);
    }

    private String pseudonym(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key());
            return PREFIX + HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no HMAC-SHA-256", e);
        }
    }

    private synchronized SecretKeySpec key() {
        SecretKeySpec known = key;
        if (known == null) {
            try {
                byte[] bytes = HexFormat.of().parseHex(Files.readString(file).strip());
                if (bytes.length < KEY_BYTES) {
                    throw new IllegalStateException("the key for pseudonyms in " + file + " has fewer than " + KEY_BYTES
                            + " bytes in hex; restore the file from a backup");
                }
                known = new SecretKeySpec(bytes, "HmacSHA256");
            } catch (NoSuchFileException e) {
                throw new IllegalStateException(
                        "the key for pseudonyms in " + file + " is missing; restore the file from a backup", e);
            } catch (IOException e) {
                throw new IllegalStateException(
                        "cannot read the key for pseudonyms in " + file + ": " + e.getMessage()
                                + "; let this user read the file",
                        e);
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException(
                        "the key for pseudonyms in " + file + " is not in hex; restore the file from a backup", e);
            }
            key = known;
        }
        return known;
    }

    private void createKeyIfMissing() {
        try {
            if (Files.exists(file)) {
                return;
            }
            byte[] bytes = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(bytes);
            OwnerOnly.createOnce(file, HexFormat.of().formatHex(bytes) + "\n");
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot create the key for pseudonyms at " + file + ": " + e.getMessage(), e);
        }
    }
}
