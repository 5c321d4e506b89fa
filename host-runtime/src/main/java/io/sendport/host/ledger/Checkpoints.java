package io.sendport.host.ledger;

import io.sendport.config.AuditLedgerSettings;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Signed statements of where the ledger ended, kept outside the store: one line of JSON each, appended to {@code checkpoints.jsonl}.
 * What they name can't be changed afterwards without being found, by whoever has them and the public key.
 */
public final class Checkpoints {

    private final Path file;
    private final LedgerKey.Source key;

    private Checkpoints(Path file, LedgerKey.Source key) {
        this.file = file;
        this.key = key;
    }

    /** The checkpoints of the store {@code storeFile}: in the folder that the settings name, else beside it. */
    public static Checkpoints of(Path storeFile, Optional<AuditLedgerSettings> settings) {
        Path folder = settings.flatMap(AuditLedgerSettings::checkpointFolder)
                .orElse(storeFile.resolveSibling(storeFile.getFileName() + ".checkpoints"));
        return new Checkpoints(folder.resolve("checkpoints.jsonl"), LedgerKey.source(storeFile, settings));
    }

    /**
     * One checkpoint.
     *
     * @param at when it was made
     * @param head what it names
     * @param signed the canonical bytes that were signed
     * @param signature Ed25519, Base64
     */
    public record Checkpoint(String at, Ledger.Head head, String signed, String signature) {}

    /**
     * Signs where the ledger ends, writes that outside the store, and records it.
     *
     * @return the seq of the newest record that it names
     * @throws IOException when the place outside can't be written
     * @throws GeneralSecurityException when the key can't be used
     */
    public long make(Ledger ledger, Instant now, String host, String instance)
            throws IOException, GeneralSecurityException {
        Ledger.Head head = ledger.head();
        Map<String, Object> content = new TreeMap<>();
        content.put("at", now.truncatedTo(ChronoUnit.MILLIS).toString());
        content.put("heads", List.of(Map.of("lane", head.lane(), "seq", head.seq(), "hash", head.hash())));
        String signed = CanonicalJson.of(content);
        LedgerKey pair = key.forSigning();
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.privateKey());
        signer.update(signed.getBytes(StandardCharsets.UTF_8));
        String signature = Base64.getEncoder().encodeToString(signer.sign());
        Map<String, Object> line = new TreeMap<>(content);
        line.put("signature", signature);
        OwnerOnly.createFolder(file.getParent() == null ? file.toAbsolutePath() : file.getParent());
        OwnerOnly.create(file);
        // A line that a crash cut off must not swallow this one.
        String separator = endsWithLine() ? "" : "\n";
        Files.writeString(
                file, separator + CanonicalJson.of(line) + "\n", StandardOpenOption.APPEND, StandardOpenOption.SYNC);
        ledger.record(Entry.of(Kind.CHECKPOINT)
                .by(host, instance)
                .header("checkpoint", Hashing.ofHeader(signed))
                .header("key", pair.fingerprint())
                .detail("detail", "records up to " + head.lane() + ":" + head.seq() + " signed"));
        return head.seq();
    }

    private boolean endsWithLine() throws IOException {
        try (var channel = Files.newByteChannel(file)) {
            if (channel.size() == 0) {
                return true;
            }
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0) == '\n';
        }
    }

    /** All checkpoints, oldest first; none when the file is not there. A line that is no JSON was cut off by a crash, and says nothing. */
    List<Checkpoint> read() {
        List<Checkpoint> all = new ArrayList<>();
        if (!Files.exists(file)) {
            return all;
        }
        try (var lines = Files.lines(file)) {
            lines.filter(line -> line.startsWith("{") && line.endsWith("}")).forEach(line -> all.add(parse(line)));
            return all;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("checkpoints " + file + " can't be read", e);
        }
    }

    private static Checkpoint parse(String line) {
        try {
            Map<String, Object> content = new TreeMap<>(Ledger.parse(line));
            String signature = String.valueOf(content.remove("signature"));
            Map<?, ?> head = (Map<?, ?>) ((List<?>) content.getOrDefault("heads", List.of())).get(0);
            Ledger.Head named = new Ledger.Head(
                    Long.parseLong(String.valueOf(head.get("lane"))),
                    Long.parseLong(String.valueOf(head.get("seq"))),
                    String.valueOf(head.get("hash")));
            return new Checkpoint(String.valueOf(content.get("at")), named, CanonicalJson.of(content), signature);
        } catch (RuntimeException e) {
            return new Checkpoint("", new Ledger.Head(0, 0, ""), "", "");
        }
    }

    /** Why its signature does not hold; empty when it does. */
    Optional<String> faultOf(Checkpoint checkpoint) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key.forVerifying());
            verifier.update(checkpoint.signed().getBytes(StandardCharsets.UTF_8));
            if (!checkpoint.signed().isEmpty()
                    && verifier.verify(Base64.getDecoder().decode(checkpoint.signature()))) {
                return Optional.empty();
            }
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            return Optional.of(
                    "checkpoint of " + checkpoint.at() + " in " + file + " can't be checked: " + e.getMessage());
        }
        return Optional.of("checkpoint of " + checkpoint.at() + " in " + file + ": its signature does not hold");
    }
}
