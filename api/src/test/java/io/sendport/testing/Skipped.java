package io.sendport.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What could not be checked for want of a tool; the build ends by naming it. */
public final class Skipped {

    private Skipped() {}

    public static void note(String what) {
        try {
            Files.writeString(
                    Path.of("target/skipped.txt"),
                    "SKIPPED: " + what + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
