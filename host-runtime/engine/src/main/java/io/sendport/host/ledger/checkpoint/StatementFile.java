package io.sendport.host.ledger.checkpoint;

import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file to which this machine appends signed statements. A file lock admits one process at a time, so that a key never signs after
 * another key has replaced it.
 */
final class StatementFile {

    static final String PUBLIC_KEY = "public-key.pem";

    private static final Logger LOG = LoggerFactory.getLogger(StatementFile.class);
    private static final int ID_LENGTH = 16;

    /** A file lock does not exclude other threads of this process. */
    private static final Object SIGNING = new Object();

    private final Path path;

    StatementFile(Path path) {
        this.path = path;
    }

    /** Creates a result from the key and the hash of the signed bytes. */
    @FunctionalInterface
    interface Outcome<T> {
        /** Creates the result. Runs while no other thread or process can sign. */
        T of(LedgerKey key, String hash) throws IOException, GeneralSecurityException;
    }

    /**
     * Signs a statement, appends it, and returns once it is on disk.
     *
     * @param source the source of the key
     * @param more fields besides time, heads and key
     * @param outcome creates the result
     * @throws IOException when the statement cannot be written
     * @throws GeneralSecurityException when the key cannot be used
     */
    <T> T append(
            LedgerKey.Source source, List<Ledger.Head> heads, Instant now, Map<String, Object> more, Outcome<T> outcome)
            throws IOException, GeneralSecurityException {
        OwnerOnly.createFolder(folder());
        OwnerOnly.create(path);
        synchronized (SIGNING) {
            // Opens the file for appending only, because write-once storage may allow nothing else.
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.APPEND);
                    FileLock lock = channel.lock()) {
                LOG.trace("Locked the checkpoint file: {}", lock);
                LedgerKey key = source.forSigning();
                publish(key);
                Map<String, Object> content = new TreeMap<>(more);
                content.put("at", now.truncatedTo(ChronoUnit.MILLIS).toString());
                content.put(
                        "heads", heads.stream().<Object>map(Ledger.Head::json).toList());
                content.put("key", key.fingerprint());
                String signed = CanonicalJson.of(content);
                content.put(
                        "signature",
                        Base64.getEncoder().encodeToString(key.sign(signed.getBytes(StandardCharsets.UTF_8))));
                write(channel, CanonicalJson.of(content) + "\n");
                return outcome.of(key, Hashing.ofHeader(signed));
            }
        }
    }

    private void write(FileChannel channel, String line) throws IOException {
        // If a crash truncated the last line, start a new line.
        String separator = endsWithLine() ? "" : "\n";
        ByteBuffer bytes = ByteBuffer.wrap((separator + line).getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    private boolean endsWithLine() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() == 0) {
                return true;
            }
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.read(last, channel.size() - 1);
            return last.get(0) == '\n';
        }
    }

    /** Writes the public key to the folder, for verification elsewhere. Does not overwrite the file of another key. */
    void publish(LedgerKey key) throws IOException {
        String pem = key.publicPem();
        Path standard = path.resolveSibling(PUBLIC_KEY);
        Path target = Files.exists(standard) && !Files.readString(standard).equals(pem)
                ? path.resolveSibling("public-key-" + key.fingerprint().substring(0, ID_LENGTH) + ".pem")
                : standard;
        if (!Files.exists(target)) {
            Files.writeString(target, pem, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
            if (!target.equals(standard)) {
                LOG.warn(
                        "The key with fingerprint {} signs the ledger's checkpoints from now on. Give this fingerprint to the"
                                + " auditor",
                        key.fingerprint());
            }
        }
    }

    Path path() {
        return path;
    }

    Path folder() {
        return path.toAbsolutePath().resolveSibling("").normalize();
    }

    /** Reads the statements of this file. */
    List<Statement> statements() {
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(path)) {
            return lines.filter(StatementFolder::isWhole)
                    .flatMap(line -> parse(line).stream())
                    .toList();
        } catch (IOException e) {
            throw StatementFolder.unreadable("the checkpoints", path, e);
        }
    }

    /** Returns the last statement; empty when there is none. Parses only the last line, because the start of a host waits for this. */
    Optional<Statement> newest() {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(path)) {
            return lines.filter(StatementFolder::isWhole)
                    .reduce((before, after) -> after)
                    .flatMap(this::parse);
        } catch (IOException e) {
            throw StatementFolder.unreadable("the checkpoints", path, e);
        }
    }

    private Optional<Statement> parse(String line) {
        return Statement.parse(new Statement.Origin(path, 0), line);
    }
}
