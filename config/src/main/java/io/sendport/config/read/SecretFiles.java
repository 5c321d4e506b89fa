package io.sendport.config.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files that {@code {{file:PATH}}} names: whether everybody on this machine can read them. */
final class SecretFiles {

    private static final Pattern FILE = Pattern.compile("\\{\\{\\s*file:([^{}]+)}}");

    private SecretFiles() {}

    /** Those in {@code raw} that others can read; none where the file system has no such modes. */
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

    private static boolean isReadableByOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            // What is not there is reported as a placeholder without a value.
            return false;
        }
    }
}
