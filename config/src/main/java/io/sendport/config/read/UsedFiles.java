package io.sendport.config.read;

import io.sendport.api.settings.Settings;
import io.sendport.support.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds the files that a port loads once, when it is created: keys, certificates, trust stores and stylesheets. Their digests show when a
 * file was renewed although the configuration is unchanged. Links are followed, because Kubernetes and cert-manager renew a file by
 * changing a link. Each file is read once for all ports of a configuration. Not thread-safe.
 */
final class UsedFiles {

    /** Attributes that name such a file or a folder of such files. Attachments are read for each message and therefore left out. */
    private static final Set<String> ATTRIBUTES = Set.of(
            "trustStore",
            "clientKey",
            "signingKey",
            "recipientCertificates",
            "archiveCertificate",
            "auditorCertificate",
            "stylesheet");

    private final Map<Path, String> digests = new HashMap<>();

    /** The digest of each file that the elements {@code parts} name. */
    Map<Path, String> of(List<Settings> parts) {
        Map<Path, String> files = new TreeMap<>();
        parts.forEach(each -> collect(each, files));
        return files;
    }

    private void collect(Settings settings, Map<Path, String> files) {
        for (String attribute : ATTRIBUTES) {
            settings.path(attribute)
                    .ifPresent(path -> files.put(path, digests.computeIfAbsent(path, UsedFiles::digest)));
        }
        settings.children().forEach(child -> collect(child, files));
    }

    private static String digest(Path path) {
        try {
            if (!Files.isDirectory(path)) {
                return Sha256.hex(Files.readAllBytes(path));
            }
            StringBuilder of = new StringBuilder();
            try (Stream<Path> files = Files.list(path)) {
                for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                    of.append(each.getFileName())
                            .append(' ')
                            .append(digest(each))
                            .append('\n');
                }
            }
            return of.toString();
        } catch (IOException e) {
            // The component that loads the file reports the failure. Here it is just another state of the file.
            return "unreadable";
        }
    }
}
