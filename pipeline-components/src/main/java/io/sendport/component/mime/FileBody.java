package io.sendport.component.mime;

import io.sendport.api.message.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;

/**
 * The bytes of a file that the configuration names.
 *
 * @param name its name, as configuration and message give it
 * @param file its path
 * @param how the options to open it with
 */
record FileBody(String name, Path file, List<OpenOption> how) implements Body {

    /** A file that the configuration itself names; it may be a symbolic link. */
    static FileBody named(Path path) {
        return new FileBody(String.valueOf(path.getFileName()), path, List.of());
    }

    /** A file in a folder. {@code real} has been checked; a symbolic link that replaces it later is not followed. */
    static FileBody within(Path path, Path real) {
        return new FileBody(String.valueOf(path.getFileName()), real, List.of(LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public InputStream open() throws IOException {
        try {
            return Files.newInputStream(file, how.toArray(OpenOption[]::new));
        } catch (IOException e) {
            throw new IOException("a file of the mail cannot be read: " + MailFiles.reason(e));
        }
    }

    @Override
    public long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("the size of a file of the mail cannot be read: " + MailFiles.reason(e)));
        }
    }
}
