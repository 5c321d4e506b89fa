package io.sendport.host.ledger;

import io.sendport.config.AuditLedgerSettings;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Signed statements of where the ledger ended, kept outside the store: one line of JSON each, appended to {@code checkpoints.jsonl}.
 * What they name can't be changed afterwards without being found, by whoever has them and the public key.
 */
public final class Checkpoints {

    private static final String PUBLIC_KEY = "public-key.pem";

    private final Path file;
    private final LedgerKey.Source key;

    private Checkpoints(Path file, LedgerKey.Source key) {
        this.file = file;
        this.key = key;
    }

    /** The checkpoints of the store that has its place at {@code place}: in the folder that the settings name, else beside it. */
    public static Checkpoints of(Path place, Optional<AuditLedgerSettings> settings) {
        Path folder = settings.flatMap(AuditLedgerSettings::checkpointFolder).orElse(beside(place));
        return new Checkpoints(folder.resolve("checkpoints.jsonl"), LedgerKey.source(place, settings));
    }

    /** Those that an auditor was given: a folder with lines of checkpoints and the public half of the key. */
    public static Checkpoints kept(Path folder) {
        return new Checkpoints(folder.resolve("checkpoints.jsonl"), LedgerKey.publicHalf(folder.resolve(PUBLIC_KEY)));
    }

    /**
     * Copies key and checkpoints from beside one place to beside another, where there are none.
     *
     * @throws IOException when they can't be copied
     */
    public static void move(Path from, Path to) throws IOException {
        OwnerOnly.createFolder(to.toAbsolutePath().resolve("..").normalize());
        Path key = LedgerKey.beside(from);
        if (Files.exists(key)) {
            OwnerOnly.create(LedgerKey.beside(to));
            Files.copy(key, LedgerKey.beside(to), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.isDirectory(beside(from))) {
            OwnerOnly.createFolder(beside(to));
            try (var files = Files.newDirectoryStream(beside(from), "*.{jsonl,pem}")) {
                for (Path file : files) {
                    Files.copy(file, beside(to).resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static Path beside(Path place) {
        return place.resolveSibling(place.getFileName() + ".checkpoints");
    }

    /**
     * One checkpoint.
     *
     * @param at when it was made
     * @param heads the end of every lane
     * @param pruned the ends of what was deleted at that time; empty when it deletes nothing
     * @param erased the digest of the list of places whose private parts were deleted; empty when none were
     * @param signed the canonical bytes that were signed
     * @param signature by the ledger's key, Base64
     */
    public record Checkpoint(
            String at,
            List<Ledger.Head> heads,
            List<Ledger.Head> pruned,
            String erased,
            String signed,
            String signature) {

        /** What the ledger calls it. */
        String hash() {
            return Hashing.ofHeader(signed);
        }

        /** The places that it vouches for. */
        String places() {
            return heads.stream().map(Ledger.Head::place).collect(Collectors.joining(", "));
        }
    }

    /**
     * Signs where the ledger ends, writes that outside the store, and records it.
     *
     * @return what the ledger calls it: the SHA-256 of what was signed
     * @throws IOException when the place outside can't be written
     * @throws GeneralSecurityException when the key can't be used
     */
    public String make(Ledger ledger, Instant now, String host, String instance)
            throws IOException, GeneralSecurityException {
        List<Ledger.Head> heads = ledger.headsOnDisk();
        Entry entry = sign(heads, now, Map.of(), Kind.CHECKPOINT).by(host, instance);
        ledger.record(entry.detail(
                "detail",
                "records up to " + heads.stream().map(Ledger.Head::place).collect(Collectors.joining(", "))
                        + " signed"));
        return String.valueOf(entry.header().get("checkpoint"));
    }

    /**
     * Signs that everything up to {@code ends} is about to be deleted, and writes that outside the store.
     *
     * @return what is to be recorded in the transaction that does it
     */
    Entry prune(List<Ledger.Head> heads, List<Ledger.Head> ends, Instant now)
            throws IOException, GeneralSecurityException {
        List<Object> pruned = json(ends);
        return sign(heads, now, Map.of("pruned", pruned), Kind.PRUNED).header("pruned", pruned);
    }

    /**
     * Signs that the private parts at {@code places} are about to be deleted, and writes that outside the store.
     *
     * @return what is to be recorded in the transaction that does it
     */
    Entry erase(List<Ledger.Head> heads, List<String> places, Instant now)
            throws IOException, GeneralSecurityException {
        return sign(heads, now, Map.of("erased", Hashing.ofHeader(CanonicalJson.of(places))), Kind.ERASED)
                .header("erased", places);
    }

    private static List<Object> json(List<Ledger.Head> heads) {
        return heads.stream()
                .<Object>map(head -> Map.of("lane", head.lane(), "seq", head.seq(), "hash", head.hash()))
                .toList();
    }

    private Entry sign(List<Ledger.Head> heads, Instant now, Map<String, Object> more, Kind kind)
            throws IOException, GeneralSecurityException {
        Map<String, Object> content = new TreeMap<>(more);
        content.put("at", now.truncatedTo(ChronoUnit.MILLIS).toString());
        content.put("heads", json(heads));
        String signed = CanonicalJson.of(content);
        LedgerKey pair = key.forSigning();
        String signature = Base64.getEncoder().encodeToString(pair.sign(signed.getBytes(StandardCharsets.UTF_8)));
        Map<String, Object> line = new TreeMap<>(content);
        line.put("signature", signature);
        OwnerOnly.createFolder(file.getParent() == null ? file.toAbsolutePath() : file.getParent());
        OwnerOnly.create(file);
        publish(pair);
        // A line that a crash cut off must not swallow this one.
        String separator = endsWithLine() ? "" : "\n";
        Files.writeString(
                file, separator + CanonicalJson.of(line) + "\n", StandardOpenOption.APPEND, StandardOpenOption.SYNC);
        return Entry.of(kind).header("checkpoint", Hashing.ofHeader(signed)).header("key", pair.fingerprint());
    }

    /** Puts the public half beside the checkpoints, for whoever is to check them elsewhere. */
    private void publish(LedgerKey pair) throws IOException {
        Path there = file.resolveSibling(PUBLIC_KEY);
        if (!Files.exists(there)) {
            Files.writeString(there, pair.publicPem(), StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
        }
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

    /** Where they lie. */
    Path folder() {
        return file.toAbsolutePath().resolveSibling("").normalize();
    }

    /**
     * All checkpoints of this folder, those of other machines that were put there under other names included; none when it is not there.
     * A line that is no JSON was cut off by a crash, and says nothing.
     */
    List<Checkpoint> read() {
        List<Checkpoint> all = new ArrayList<>();
        if (!Files.isDirectory(folder())) {
            return all;
        }
        try (var files = Files.newDirectoryStream(folder(), "*.jsonl")) {
            for (Path each : files) {
                if (!each.endsWith(TimeStamps.FILE)) {
                    read(each, all);
                }
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoints in " + folder() + " can't be read", e);
        }
    }

    /** Those that were made here. */
    List<Checkpoint> readOwn() {
        List<Checkpoint> own = new ArrayList<>();
        try {
            if (Files.exists(file)) {
                read(file, own);
            }
            return own;
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoints in " + file + " can't be read", e);
        }
    }

    /**
     * What the newest checkpoint made here names and {@code ledger} has no more, as after a log that was damaged, whose rest SQLite
     * drops without a word, or a backup that was restored; empty when it is all there.
     */
    public Optional<String> lost(Ledger ledger) {
        return newestOwn()
                .flatMap(
                        newest -> newest.heads().stream()
                                .filter(head -> head.seq() > 0 && !ledger.has(head))
                                .findFirst()
                                .map(
                                        head -> "record " + head.place() + ", which the checkpoint of " + newest.at()
                                                + " names, is not in the message box: what was acknowledged or recorded before that time may be lost"));
    }

    /** Of all the lines only the last is parsed: a host that starts waits for this. */
    private Optional<Checkpoint> newestOwn() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(file)) {
            return lines.filter(Checkpoints::isWhole)
                    .reduce((before, after) -> after)
                    .map(Checkpoints::parse);
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoints in " + file + " can't be read", e);
        }
    }

    /** A line that a crash cut off says nothing. */
    private static boolean isWhole(String line) {
        return line.startsWith("{") && line.endsWith("}");
    }

    private static void read(Path file, List<Checkpoint> all) throws IOException {
        try (var lines = Files.lines(file)) {
            lines.filter(Checkpoints::isWhole).forEach(line -> all.add(parse(line)));
        }
    }

    /** One line; what is no checkpoint is one that nobody signed. */
    static Checkpoint parse(String line) {
        try {
            Map<String, Object> content = new TreeMap<>(Ledger.parse(line));
            String signature = String.valueOf(content.remove("signature"));
            return new Checkpoint(
                    String.valueOf(content.get("at")),
                    heads(content, "heads"),
                    heads(content, "pruned"),
                    String.valueOf(content.getOrDefault("erased", "")),
                    CanonicalJson.of(content),
                    signature);
        } catch (RuntimeException e) {
            return new Checkpoint("", List.of(), List.of(), "", "", "");
        }
    }

    private static List<Ledger.Head> heads(Map<String, Object> content, String name) {
        return content.getOrDefault(name, List.of()) instanceof List<?> list
                ? list.stream().map(Ledger.Head::of).toList()
                : List.of();
    }

    /** The fingerprint of the key that signs here; empty where there is none yet. */
    public Optional<String> ownKey() {
        try {
            return key.exists() ? Optional.of(key.fingerprint()) : Optional.empty();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the ledger's key can't be read: " + e.getMessage(), e);
        }
    }

    /** Why its signature does not hold; empty when it does. */
    Optional<String> faultOf(Checkpoint checkpoint) {
        try {
            if (!checkpoint.signed().isEmpty()
                    && key.forVerifying()
                            .verifies(
                                    checkpoint.signed().getBytes(StandardCharsets.UTF_8),
                                    Base64.getDecoder().decode(checkpoint.signature()))) {
                return Optional.empty();
            }
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            return Optional.of(
                    "checkpoint of " + checkpoint.at() + " in " + file + " can't be checked: " + e.getMessage());
        }
        return Optional.of("checkpoint of " + checkpoint.at() + " in " + file + ": its signature does not hold");
    }
}
