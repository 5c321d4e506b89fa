package io.sendport.spring;

import io.sendport.api.outcome.OutcomePosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Stores positions in files, one for each listener. For an application with one instance and without a database. */
final class PositionsInFolder implements OutcomePositions {

    private final Path folder;

    PositionsInFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public OutcomePosition read(String reader) {
        Path file = file(reader);
        try {
            return Files.exists(file)
                    ? new OutcomePosition(Files.readString(file).strip())
                    : OutcomePosition.BEGIN;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the position of listener " + reader + " from " + file, e);
        }
    }

    @Override
    public boolean advance(String reader, OutcomePosition from, OutcomePosition to, Runnable work) {
        work.run();
        if (!from.equals(to)) {
            write(file(reader), to);
        }
        return true;
    }

    /** Writes atomically: after a crash, the file has the previous position or this one. */
    private static void write(Path file, OutcomePosition position) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(position.value());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the position of a listener to " + file, e);
        }
    }

    private Path file(String reader) {
        return folder.resolve(reader.replaceAll("[^A-Za-z0-9._-]", "_") + ".position");
    }
}
