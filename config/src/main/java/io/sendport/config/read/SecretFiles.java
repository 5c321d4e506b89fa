package io.sendport.config.read;

import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files that {@code {{file:PATH}}} names, and whether every user of this machine can read them. */
final class SecretFiles {

    private static final Pattern FILE = Pattern.compile("\\{\\{\\s*file:([^{}]+)}}");

    private SecretFiles() {}

    /** The files in {@code raw} that other users can read; none where the file system has no such permissions. */
    static List<Path> readableByOthers(String raw, Path folder) {
        List<Path> readable = new ArrayList<>();
        Matcher matcher = FILE.matcher(raw);
        while (matcher.find()) {
            Path file = FileReference.parse(matcher.group(1).strip()).file(folder);
            if (isReadableByOthers(file)) {
                readable.add(file);
            }
        }
        return readable;
    }

    /** The files that the placeholders of {@code settings} name. */
    static Set<Path> named(Settings settings) {
        Set<Path> named = new LinkedHashSet<>();
        for (Setting each : settings.attributes().values()) {
            Matcher matcher = FILE.matcher(each.shown());
            while (matcher.find()) {
                named.add(FileReference.parse(matcher.group(1).strip())
                        .file(each.origin().folder()));
            }
        }
        settings.children().forEach(child -> named.addAll(named(child)));
        return named;
    }

    /** Whether other users can pass {@code folder} and all folders above it. */
    private static boolean areOpenToOthers(@Nullable Path folder) throws IOException {
        for (Path each = folder; each != null; each = each.getParent()) {
            if (!Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isReadableByOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)
                    && areOpenToOthers(file.toAbsolutePath().getParent());
        } catch (IOException | UnsupportedOperationException e) {
            // A missing file is reported as a placeholder without a value.
            return false;
        }
    }
}
