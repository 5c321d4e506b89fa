package io.sendport.host.ledger.checkpoint;

import io.sendport.host.ledger.Hashing;
import io.sendport.support.Failures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All statements of a folder. Their signatures are not verified yet.
 *
 * @param statements the statements of this machine in the order of their lines, then those of other machines by time
 * @param unreadable lines that are not statements
 */
record StatementFolder(List<Statement> statements, List<Unreadable> unreadable) {

    private static final int ID_LENGTH = 12;

    /**
     * A line that is not a statement.
     *
     * @param id derived from the content of the line
     * @param what a description for the auditor
     */
    record Unreadable(String id, String what) {

        static Unreadable of(byte[] content, String what) {
            return new Unreadable(
                    java.util.HexFormat.of()
                            .formatHex(Hashing.sha256().digest(content))
                            .substring(0, ID_LENGTH),
                    what);
        }
    }

    /**
     * Reads {@code ownFile} and the other {@code *.jsonl} files in its folder, except time stamps. Returns no statements if the folder
     * does not exist.
     *
     * @throws UncheckedIOException when the folder or a file cannot be read
     */
    static StatementFolder read(Path ownFile) {
        Path folder = ownFile.toAbsolutePath().resolveSibling("").normalize();
        List<Statement> own = new ArrayList<>();
        List<Statement> others = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try {
                for (Path file : files(folder)) {
                    read(file, file.endsWith(ownFile.getFileName()) ? own : others, unreadable);
                }
            } catch (IOException e) {
                throw StatementFolder.unreadable("the checkpoints", folder, e);
            }
        }
        others.sort(Comparator.comparing(Statement::at));
        own.addAll(others);
        return new StatementFolder(own, unreadable);
    }

    /** Returns the files of statements in {@code folder}: every {@code *.jsonl} except time stamps. */
    static List<Path> files(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jsonl")) {
            for (Path file : files) {
                if (!file.endsWith(TimeStamps.FILE)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    private static void read(Path file, List<Statement> statements, List<Unreadable> unreadable) throws IOException {
        int number = 0;
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            for (String bytes : (Iterable<String>) lines::iterator) {
                number++;
                String line = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                if (isWhole(line)) {
                    Statement.Origin origin = new Statement.Origin(file, number);
                    Optional<Statement> statement = Statement.parse(origin, line);
                    statement.ifPresentOrElse(
                            statements::add,
                            () -> unreadable.add(Unreadable.of(
                                    bytes.getBytes(StandardCharsets.ISO_8859_1),
                                    origin + " is not a signed statement")));
                }
            }
        }
    }

    /** Returns whether a line is complete. A crash may have truncated it; such a line is ignored. */
    static boolean isWhole(String line) {
        return line.startsWith("{") && line.endsWith("}");
    }

    /** Says that {@code what} in {@code place} cannot be read, why, and what to check. */
    static UncheckedIOException unreadable(String what, Path place, IOException cause) {
        return new UncheckedIOException(
                "cannot read " + what + " in " + place + ": " + Failures.reason(cause)
                        + ". Check that the path exists and that this user may read it",
                cause);
    }
}
