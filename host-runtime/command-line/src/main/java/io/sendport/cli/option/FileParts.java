package io.sendport.cli.option;

import io.sendport.api.message.Body;
import io.sendport.api.message.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files as parts of a message. */
public final class FileParts {

    private FileParts() {}

    /**
     * The part for a file named on the command line.
     *
     * @throws UsageException when it cannot be read
     */
    public static Part of(Path file, String partName, String contentType, String fileName) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new UsageException("cannot read " + file + ": it does not exist, is not a file, or is not readable");
        }
        long size;
        try {
            size = Files.size(file);
        } catch (IOException e) {
            throw new UsageException("cannot determine the size of " + file + ": " + e.getMessage());
        }
        Body body = new Body() {
            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }

            @Override
            public long size() {
                return size;
            }
        };
        return new Part(partName, contentType, io.sendport.api.message.Context.empty(), body).withFileName(fileName);
    }
}
