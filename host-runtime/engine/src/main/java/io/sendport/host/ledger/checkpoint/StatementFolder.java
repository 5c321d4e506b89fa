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
 * All statements of a folder, not verified yet.
 *
 * @param statements those of this machine in the order of their lines, then those of others by time
 * @param unreadable lines and files that are not statements
 */
record StatementFolder(List<Statement> statements, List<Unreadable> unreadable) {

    private static final int SHORT = 12;

    /**
     * A line or file that is not a statement.
     *
     * @param id derived from its content
     * @param what its description
     */
    record Unreadable(String id, String what) {

        static Unreadable of(byte[] content, String what) {
            return new Unreadable(
                    java.util.HexFormat.of()
                            .formatHex(Hashing.sha256().digest(content))
                            .substring(0, SHORT),
                    what);
        }
    }

    /**
     * Reads {@code own} and every other {@code *.jsonl} beside it except time stamps; empty when the folder does not exist.
     *
     * @throws UncheckedIOException when something cannot be read
     */
    static StatementFolder read(Path own) {
        Path folder = own.toAbsolutePath().resolveSibling("").normalize();
        List<Statement> here = new ArrayList<>();
        List<Statement> elsewhere = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try {
                for (Path file : files(folder)) {
                    read(file, file.endsWith(own.getFileName()) ? here : elsewhere, unreadable);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot read the checkpoints in " + folder + ": " + Failures.reason(e)
                                + ". Check that the path exists and that this user may read it",
                        e);
            }
        }
        elsewhere.sort(Comparator.comparing(Statement::at));
        here.addAll(elsewhere);
        return new StatementFolder(here, unreadable);
    }

    /** The files of statements in {@code folder}: every {@code *.jsonl} except time stamps. */
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

    /** A line that a crash truncated is ignored. */
    static boolean isWhole(String line) {
        return line.startsWith("{") && line.endsWith("}");
    }
}
