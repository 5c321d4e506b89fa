package io.sendport.host.ledger.checkpoint;

import io.sendport.config.AuditLedgerSettings;
import io.sendport.config.Routing;
import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Signs statements about the ledger, and stores them outside the store in {@code checkpoints.jsonl}. The checkpoint and the key reveal
 * any later change of the records that the checkpoint covers. Safe for use by several threads and processes.
 */
public final class Checkpoints {

    private static final String FILE = "checkpoints.jsonl";

    private final StatementFile file;
    private final LedgerKey.Source key;
    private final Trust trust;
    private @Nullable Map<Long, Long> covered;

    private Checkpoints(Path file, LedgerKey.Source key, Trust trust) {
        this.file = new StatementFile(file);
        this.key = key;
        this.trust = trust;
    }

    /** Returns the checkpoints of the message box of a configuration. */
    public static Checkpoints of(Routing routing) {
        return of(routing.messageBox().place(), Optional.of(routing.auditLedger()));
    }

    /** Returns the checkpoints of the store at {@code place}, in the configured folder or else beside the store. */
    public static Checkpoints of(Path place, Optional<AuditLedgerSettings> settings) {
        return new Checkpoints(
                folder(place, settings).resolve(FILE),
                LedgerKey.source(place, settings),
                settings.map(AuditLedgerSettings::trustedKeys).map(Trust::in).orElse(Trust.FIRST_USE));
    }

    /** Returns the configured checkpoint folder, or else the folder beside the store. */
    public static Path folder(Path place, Optional<AuditLedgerSettings> settings) {
        return settings.flatMap(AuditLedgerSettings::checkpointFolder).orElse(beside(place));
    }

    /** Returns the checkpoints that an auditor received: a folder with {@code *.jsonl} files and public keys. */
    public static Checkpoints kept(Path folder) {
        return new Checkpoints(
                folder.resolve(FILE), LedgerKey.publicHalf(folder.resolve(StatementFile.PUBLIC_KEY)), Trust.FIRST_USE);
    }

    /**
     * Copies the key and the checkpoints beside the store {@code from} to the store {@code to}. Replaces existing files.
     *
     * @throws IOException when a file cannot be copied
     */
    public static void copy(Path from, Path to) throws IOException {
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
     * Signs a checkpoint: the heads of all lanes, and Merkle roots over the records since the previous checkpoint. Writes the statement
     * outside the store, and appends a record of it.
     *
     * @param host the host of {@code instance}, for the record
     * @param instance the instance that signs, for the record
     * @return the statement's name on the ledger: the SHA-256 of the signed bytes, hex
     * @throws IOException when the checkpoint folder cannot be written
     * @throws GeneralSecurityException when the key cannot be used
     */
    public synchronized String make(Ledger ledger, Instant now, String host, String instance)
            throws IOException, GeneralSecurityException {
        List<Ledger.Head> heads = ledger.headsOnDisk();
        List<Statement.Tree> trees = Trees.between(ledger, covered(), heads);
        Entry entry = sign(
                        Kind.CHECKPOINT,
                        heads,
                        now,
                        Map.of(
                                "kind",
                                "checkpoint",
                                "trees",
                                trees.stream().<Object>map(Statement.Tree::json).toList()))
                .by(host, instance);
        trees.forEach(tree -> covered().merge(tree.lane(), tree.to(), Math::max));
        ledger.record(entry.detail(
                "detail",
                "records up to " + heads.stream().map(Ledger.Head::place).collect(Collectors.joining(", "))
                        + " signed"));
        return entry.headerText("checkpoint");
    }

    /** Returns, by lane, the last place under a Merkle root that was signed here. Read once from the file; later roots are added. */
    private Map<Long, Long> covered() {
        Map<Long, Long> known = covered;
        if (known == null) {
            known = new HashMap<>();
            for (Statement each : readOwn()) {
                if (each.content() instanceof Statement.Checkpoint checkpoint) {
                    for (Statement.Tree tree : checkpoint.trees()) {
                        known.merge(tree.lane(), tree.to(), Math::max);
                    }
                }
            }
            covered = known;
        }
        return known;
    }

    /**
     * Signs that all records up to {@code ends} will be deleted, and writes the statement outside the store.
     *
     * @param heads the present heads of all lanes
     * @param ends the last place to delete in each lane
     * @return the entry to append in the transaction that deletes
     */
    Entry prune(List<Ledger.Head> heads, List<Ledger.Head> ends, Instant now)
            throws IOException, GeneralSecurityException {
        List<Object> pruned = json(ends);
        return sign(Kind.PRUNED, heads, now, Map.of("kind", "pruned", "pruned", pruned))
                .header("pruned", pruned);
    }

    /**
     * Signs that the private parts at {@code places} will be deleted, and writes the statement outside the store.
     *
     * @param heads the present heads of all lanes
     * @param places lane and number of each record, such as {@code 0:17}
     * @return the entry to append in the transaction that deletes
     */
    public Entry erase(List<Ledger.Head> heads, List<String> places, Instant now)
            throws IOException, GeneralSecurityException {
        return sign(
                        Kind.ERASED,
                        heads,
                        now,
                        Map.of("kind", "erased", "erased", Hashing.ofHeader(CanonicalJson.of(places))))
                .header("erased", places);
    }

    /**
     * Signs that records are missing: their lanes end at {@code heads}, and the ledger continues in other lanes.
     *
     * @return the entry to append
     */
    Entry abandon(Statement.Abandoned abandoned, List<Ledger.Head> heads, Instant now)
            throws IOException, GeneralSecurityException {
        List<Object> cuts =
                abandoned.cuts().stream().<Object>map(Statement.Cut::json).toList();
        Kind kind = abandoned.cause() == Statement.Cause.RESTORED ? Kind.RESTORED : Kind.LOSS_ACCEPTED;
        return sign(
                        kind,
                        heads,
                        now,
                        Map.of(
                                "kind",
                                abandoned.kind(),
                                "abandoned",
                                cuts,
                                "who",
                                abandoned.who(),
                                "why",
                                abandoned.why()))
                .header("abandoned", cuts);
    }

    /**
     * Creates a new key. The present key signs that the new key replaces it. Then the new key overwrites the present key.
     *
     * @return the entry to append
     * @throws IOException when the statement or the new key cannot be written
     * @throws GeneralSecurityException when Sendport did not create the key file, or the key cannot be used
     */
    public Entry rotate(Ledger ledger, Instant now) throws IOException, GeneralSecurityException {
        if (!key.isOwn()) {
            throw new GeneralSecurityException("checkpointKey names a key that Sendport cannot replace. Create the new"
                    + " key, run `sendport audit rotate-key --public-key NEW.pem --reason TEXT` with its public half,"
                    + " then let checkpointKey name it");
        }
        LedgerKey successor = LedgerKey.newPair();
        return handOver(ledger, successor, now, () -> key.replace(successor));
    }

    /**
     * Signs that another key replaces the present key.
     *
     * @param publicKey a PEM file with the public half of the new key
     * @return the entry to append
     * @throws IOException when the file cannot be read or the statement cannot be written
     * @throws GeneralSecurityException when the file contains no public key, or the present key cannot be used
     */
    public Entry handOver(Ledger ledger, Path publicKey, Instant now) throws IOException, GeneralSecurityException {
        LedgerKey successor = LedgerKey.publicHalf(publicKey).forVerifying();
        return handOver(ledger, successor, now, () -> {});
    }

    /** An action that runs within the handover, before another process can sign. */
    @FunctionalInterface
    private interface Beside {
        void run() throws IOException;
    }

    private Entry handOver(Ledger ledger, LedgerKey successor, Instant now, Beside beside)
            throws IOException, GeneralSecurityException {
        Map<String, Object> more = Map.of("kind", "rotated", "newKey", successor.encoded());
        return file.append(key, ledger.headsOnDisk(), now, more, (pair, hash) -> {
            beside.run();
            file.publish(successor);
            return Entry.of(Kind.KEY_ROTATED)
                    .header("checkpoint", hash)
                    .header("key", pair.fingerprint())
                    .header("newKey", successor.fingerprint());
        });
    }

    private static List<Object> json(List<Ledger.Head> heads) {
        return heads.stream().<Object>map(Ledger.Head::json).toList();
    }

    private Entry sign(Kind kind, List<Ledger.Head> heads, Instant now, Map<String, Object> more)
            throws IOException, GeneralSecurityException {
        return file.append(key, heads, now, more, (pair, hash) -> Entry.of(kind)
                .header("checkpoint", hash)
                .header("key", pair.fingerprint()));
    }

    /** Returns the folder of the statements. */
    Path folder() {
        return file.folder();
    }

    /**
     * Returns whether the statements are in the default folder beside the store at {@code place}. Then a person who rolls back the store
     * can roll back the statements too.
     */
    public boolean areBeside(Path place) {
        return file.folder().equals(beside(place).toAbsolutePath().normalize());
    }

    /** Reads all statements in the folder, including those of other machines, which have other file names. */
    StatementFolder read() {
        return StatementFolder.read(file.path());
    }

    /** Reads the statements that were signed here. */
    List<Statement> readOwn() {
        return file.statements();
    }

    /**
     * Reads and evaluates all statements in the folder.
     *
     * @param trust the trusted keys
     * @param accepted ids of the notices that the auditor accepted
     */
    public EvaluatedStatements evaluatedStatements(Trust trust, Set<String> accepted) {
        return EvaluatedStatements.of(read(), keyring(), trust, accepted);
    }

    /** As {@link #evaluatedStatements(Trust, Set)}, with the configured trust. */
    public EvaluatedStatements evaluatedStatements() {
        return evaluatedStatements(trust, Set.of());
    }

    /** Returns the trusted keys, as configured. */
    public Trust trust() {
        return trust;
    }

    private Keyring keyring() {
        try {
            Keyring keys = Keyring.of(folder());
            if (key.exists()) {
                keys.add(key.forVerifying());
            }
            return keys;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot read the ledger's key: " + e.getMessage(), e);
        }
    }

    /**
     * Describes a record that {@code ledger} lacks although the newest statement signed here names it; empty when nothing is missing.
     * A damaged write-ahead log can be the cause, because SQLite silently drops the rest of it. So can a backup that was put in place by
     * hand.
     */
    public Optional<String> lost(Ledger ledger) {
        return file.newest().flatMap(newest -> newest.heads().stream()
                .filter(head -> head.seq() > 0 && !ledger.has(head))
                .findFirst()
                .map(head -> "record " + head.place() + ", which the checkpoint of " + newest.at()
                        + " names, is not in the message box: messages or records from before that time may be lost"));
    }

    /** Returns the heads that the newest statement signed here names; empty when there is no statement. */
    public List<Ledger.Head> newestHeads() {
        return file.newest().map(Statement::heads).orElse(List.of());
    }

    /** Returns when the newest statement was signed here; empty when there is no statement. */
    public Optional<Instant> newestAt() {
        return file.newest().map(newest -> Instant.parse(newest.at()));
    }

    /** Returns whether a folder has readable files of statements, of this machine or of others. */
    public static boolean areIn(Path folder) {
        try {
            return StatementFolder.files(folder).stream().anyMatch(Files::isReadable);
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns whether nothing was ever signed here. */
    public boolean isEmpty() {
        return file.newest().isEmpty();
    }

    /** Returns the present and the earlier form of the fingerprint of the key that signs here; empty when there is no key yet. */
    public Set<String> ownKeys() {
        try {
            if (!key.exists()) {
                return Set.of();
            }
            LedgerKey own = key.forVerifying();
            return Set.of(own.fingerprint(), own.earlierFingerprint());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot read the ledger's key: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the fingerprint of the key that signs here: SHA-256 of its public half in DER, hex. Creates the key if there is none.
     *
     * @throws IOException when the key cannot be read or created
     * @throws GeneralSecurityException when the file or token contains no usable key
     */
    public String fingerprint() throws IOException, GeneralSecurityException {
        return key.forSigning().fingerprint();
    }
}
