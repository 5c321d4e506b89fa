package io.sendport.config;

import io.sendport.api.mail.MailAddress;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A {@code <host>} element.
 *
 * @param name its name
 * @param origin the position in the configuration
 * @param identity the identity that "current credentials" means
 * @param routes files with Camel routes that feed ports
 * @param routesSha256 the digest of their content
 * @param submission the settings of the submission feed; empty for none
 * @param audit what the ledger keeps of its messages
 * @param auditorCertificate the certificate of the auditor who gets a copy of each mail
 * @param redirectTo replaces every envelope recipient
 */
public record HostSettings(
        String name,
        Origin origin,
        Optional<Identity> identity,
        List<Path> routes,
        String routesSha256,
        Optional<SubmissionSettings> submission,
        AuditDisclosure audit,
        Optional<Path> auditorCertificate,
        Optional<MailAddress> redirectTo) {}
