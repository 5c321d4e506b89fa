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
 * @param origin where it stands
 * @param identity what current credentials means
 * @param routes files with Camel routes that feed ports
 * @param routesSha256 over what stands in them
 * @param submission where programs that speak only SMTP hand in mail; empty: nowhere
 * @param audit what the ledger keeps of its messages
 * @param auditorCertificate of the auditor for whom a copy of each mail is kept
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
