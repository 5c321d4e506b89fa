package io.sendport.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A machine's clock that a test sets while processes run, by libfaketime where it is installed. Time goes by as it does otherwise. */
final class FakeClock {

    private final Path library;
    private final Path offset;

    private FakeClock(Path library, Path offset) {
        this.library = library;
        this.offset = offset;
    }

    /** Right at first; empty where the library is missing. */
    static Optional<FakeClock> in(Path folder) throws IOException {
        Path libraries = Path.of("/usr/lib");
        if (!Files.isDirectory(libraries)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> architectures = Files.newDirectoryStream(libraries)) {
            for (Path each : architectures) {
                Path library = each.resolve("faketime/libfaketimeMT.so.1");
                if (Files.exists(library)) {
                    FakeClock clock = new FakeClock(library, folder.resolve("clock"));
                    clock.set("+0");
                    return Optional.of(clock);
                }
            }
        }
        return Optional.empty();
    }

    /** Sets it off by as much as {@code +3h}; processes see it within a second. */
    void set(String by) throws IOException {
        Files.writeString(offset, by + "\n");
    }

    /** For processes on that machine. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                offset.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1");
    }
}
