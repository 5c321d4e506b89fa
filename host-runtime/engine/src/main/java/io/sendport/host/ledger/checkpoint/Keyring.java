package io.sendport.host.ledger.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The known public keys. They identify signers; {@link Trust} decides which keys are trusted. Not thread-safe. */
final class Keyring {

    private final Map<String, LedgerKey> byFingerprint = new LinkedHashMap<>();
    private final Map<String, String> earlierNames = new LinkedHashMap<>();
    private final List<Path> unreadable = new ArrayList<>();

    private Keyring() {}

    /**
     * Reads the keys in the files {@code *.pem} of {@code folder}. Returns no keys if the folder does not exist.
     *
     * @throws IOException when the folder cannot be read
     */
    static Keyring of(Path folder) throws IOException {
        Keyring keys = new Keyring();
        if (!Files.isDirectory(folder)) {
            return keys;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.pem")) {
            for (Path file : files) {
                try {
                    keys.add(LedgerKey.publicHalf(file).forVerifying());
                } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
                    keys.unreadable.add(file);
                }
            }
        }
        return keys;
    }

    void add(LedgerKey key) {
        byFingerprint.put(key.fingerprint(), key);
        earlierNames.put(key.earlierFingerprint(), key.fingerprint());
    }

    /** Returns the files that contain no readable public key. */
    List<Path> unreadable() {
        return unreadable;
    }

    /** Returns the fingerprint of a key. {@code name} is the fingerprint in its present or earlier form. */
    String fingerprint(String name) {
        return earlierNames.getOrDefault(name, name);
    }

    /** Returns the fingerprint of the key that signed {@code statement}; empty when no known key did. */
    Optional<String> signer(Statement statement) {
        Collection<LedgerKey> candidates = statement
                .key()
                .map(name -> Optional.ofNullable(byFingerprint.get(fingerprint(name))).stream()
                        .toList())
                .map(list -> (Collection<LedgerKey>) list)
                .orElse(byFingerprint.values());
        return candidates.stream()
                .filter(key -> verifies(key, statement))
                .findFirst()
                .map(LedgerKey::fingerprint);
    }

    private static boolean verifies(LedgerKey key, Statement statement) {
        try {
            return key.verifies(
                    statement.signed().getBytes(StandardCharsets.UTF_8),
                    Base64.getDecoder().decode(statement.signature()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The signature uses another algorithm, or is malformed.
            return false;
        }
    }
}
