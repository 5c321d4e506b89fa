package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLibraryTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir
    private Path folder;

    private Path left(String name, Instant at) throws IOException {
        Path left = Files.createDirectory(folder.resolve(name));
        Files.writeString(left.resolve("sqlite-1-x-libsqlitejdbc.so"), "x");
        Files.writeString(left.resolve("sqlite-1-x-libsqlitejdbc.so.lck"), "");
        Files.setLastModifiedTime(left, FileTime.from(at));
        return left;
    }

    @Test
    void deletesOldLibrariesAndKeepsRecentOnes() throws IOException {
        Path old = left("4711-1", NOW.minusSeconds(61));
        Path fresh = left("4712-2", NOW.minusSeconds(1));
        SqliteLibrary.sweep(folder, NOW.minusSeconds(60));
        assertThat(old).doesNotExist();
        try (Stream<Path> files = Files.list(fresh)) {
            assertThat(files).hasSize(2);
        }
    }
}
