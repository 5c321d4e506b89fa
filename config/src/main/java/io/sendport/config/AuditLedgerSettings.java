package io.sendport.config;

import io.sendport.api.settings.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code <auditLedger>} element.
 *
 * @param checkpointInterval time between signed checkpoints
 * @param checkpointFolder the folder of the checkpoints; empty for the one beside the message box
 * @param checkpointKey PKCS#12 file with the signing key, or the configuration file of a token that holds it; when empty, the key is
 *     created beside the store at first start
 * @param isKeyOnToken whether the key is on a token (PKCS#11)
 * @param checkpointKeyPassword the password of the file, or the PIN of the token
 * @param trustedKeys fingerprints (64 lower-case hexadecimal digits) of the keys whose signatures count; when empty, trust on first use
 * @param timestampServer an RFC 3161 server that stamps checkpoints; empty for none
 * @param auditorCopies folder of the copies for auditors; when empty, beside the store
 * @param pseudonymKey file with the key for pseudonyms; when empty, created beside the store when first needed
 */
public record AuditLedgerSettings(
        Duration checkpointInterval,
        Optional<Path> checkpointFolder,
        Optional<Path> checkpointKey,
        boolean isKeyOnToken,
        Optional<Secret> checkpointKeyPassword,
        Set<String> trustedKeys,
        Optional<URI> timestampServer,
        Optional<Path> auditorCopies,
        Optional<Path> pseudonymKey) {

    /** Copies the set. */
    public AuditLedgerSettings {
        trustedKeys = Set.copyOf(trustedKeys);
    }
}
