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
 * @param checkpointFolder a folder that gets a copy of each
 * @param checkpointKey PKCS#12 file with the signing key, or the configuration file of a token that has it; empty: made at first start
 *     beside the store
 * @param isKeyOnToken whether a token has it (PKCS#11)
 * @param checkpointKeyPassword its password, or the token's PIN
 * @param trustedKeys fingerprints (64 lower-case hexadecimal digits) of the keys whose signatures count; empty: trust on first use
 * @param timestampServer an RFC 3161 server that stamps checkpoints; empty: none
 * @param auditorCopies folder of the copies for auditors; empty: beside the store
 * @param pseudonymKey file with the key of pseudonyms; empty: made when first needed, beside the store
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

    /** Copies. */
    public AuditLedgerSettings {
        trustedKeys = Set.copyOf(trustedKeys);
    }
}
