package io.sendport.config.read;

import io.sendport.api.settings.Settings;
import io.sendport.config.port.Pipeline;
import io.sendport.support.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files that a port is made with and that stay open to change: whoever renews a certificate writes the file and not the
 * configuration. Links are followed, since Kubernetes and cert-manager renew by moving one.
 */
final class UsedFiles {

    /** Attributes that name such a file, or a folder of them. What is read anew for each message, such as an attachment, is not among them. */
    private static final Set<String> ATTRIBUTES = Set.of(
            "trustStore",
            "clientKey",
            "signingKey",
            "recipientCertificates",
            "archiveCertificate",
            "auditorCertificate",
            "stylesheet");

    private UsedFiles() {}

    static Map<Path, String> of(Settings port, Settings host, Pipeline pipeline, Settings transport) {
        List<Settings> all = new ArrayList<>(List.of(port, host, transport));
        all.addAll(pipeline.preAssemble());
        pipeline.assemble().ifPresent(all::add);
        all.addAll(pipeline.encode());
        Map<Path, String> files = new TreeMap<>();
        all.forEach(each -> collect(each, files));
        return files;
    }

    private static void collect(Settings settings, Map<Path, String> files) {
        for (String attribute : ATTRIBUTES) {
            settings.path(attribute).ifPresent(path -> files.computeIfAbsent(path, UsedFiles::digest));
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
            // Whoever needs it says so; here it is only another state of the file.
            return "unreadable";
        }
    }
}
