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
 * Signs statements about the ledger and keeps them outside the store, in {@code checkpoints.jsonl}. A later change to records that
 * a checkpoint covers can be detected with the checkpoint and the key. Safe for use by several threads and processes.
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

    /** The checkpoints of the message box of a configuration. */
    public static Checkpoints of(Routing routing) {
        return of(routing.messageBox().place(), Optional.of(routing.auditLedger()));
    }

    /** The checkpoints of the store at {@code place}: in the configured folder, or else beside the store. */
    public static Checkpoints of(Path place, Optional<AuditLedgerSettings> settings) {
        return new Checkpoints(
                folder(place, settings).resolve(FILE),
                LedgerKey.source(place, settings),
                settings.map(AuditLedgerSettings::trustedKeys).map(Trust::in).orElse(Trust.FIRST_USE));
    }

    /** The configured folder, or else the one beside the store. */
    public static Path folder(Path place, Optional<AuditLedgerSettings> settings) {
        return settings.flatMap(AuditLedgerSettings::checkpointFolder).orElse(beside(place));
    }

    /** The checkpoints that an auditor received: a folder with lines of checkpoints and the public key. */
    public static Checkpoints kept(Path folder) {
        return new Checkpoints(
                folder.resolve(FILE), LedgerKey.publicHalf(folder.resolve(StatementFile.PUBLIC_KEY)), Trust.FIRST_USE);
    }

    /**
     * Copies key and checkpoints to another store, if that has none.
     *
     * @throws IOException when they cannot be copied
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
     * Signs the ends of the ledger, with Merkle roots over the records since the previous checkpoint. Writes the statement outside
     * the store, and records it.
     *
     * @return its name on the ledger: the SHA-256 of the signed bytes
     * @throws IOException when the location outside the store cannot be written
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

    /** The last place of each lane under a root that was made here. Read once from the file; later roots are added. */
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
     * Signs that everything up to {@code ends} is about to be deleted, and writes that outside the store.
     *
     * @return the entry to record in the transaction that deletes
     */
    Entry prune(List<Ledger.Head> heads, List<Ledger.Head> ends, Instant now)
            throws IOException, GeneralSecurityException {
        List<Object> pruned = json(ends);
        return sign(Kind.PRUNED, heads, now, Map.of("kind", "pruned", "pruned", pruned))
                .header("pruned", pruned);
    }

    /**
     * Signs that the private parts at {@code places} are about to be deleted, and writes that outside the store.
     *
     * @return the entry to record in the transaction that deletes
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
     * Signs that records are gone: their lanes end at {@code heads}, and the ledger continues in others.
     *
     * @return the entry to record
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
     * Creates a new key. The present key signs that it hands over, and is then deleted.
     *
     * @return the entry to record
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
     * Signs that the key with the public half in {@code publicKey} replaces the present one.
     *
     * @return the entry to record
     * @throws IOException when the file cannot be read or the statement cannot be written
     * @throws GeneralSecurityException when it contains no public key, or the present key cannot be used
     */
    public Entry handOver(Ledger ledger, Path publicKey, Instant now) throws IOException, GeneralSecurityException {
        LedgerKey successor = LedgerKey.publicHalf(publicKey).forVerifying();
        return handOver(ledger, successor, now, () -> {});
    }

    /** An action within the handover, before any other process can sign. */
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

    /** The folder of the statements. */
    Path folder() {
        return file.folder();
    }

    /**
     * Whether they are in the same folder as the store at {@code place}, so that a person who rolls back one can roll back the
     * other.
     */
    public boolean areBeside(Path place) {
        return file.folder().equals(beside(place).toAbsolutePath().normalize());
    }

    /** All statements in the folder, including those that other machines put there under other names. */
    StatementFolder read() {
        return StatementFolder.read(file.path());
    }

    /** The statements made here. */
    List<Statement> readOwn() {
        return file.statements();
    }

    /**
     * The evaluated statements.
     *
     * @param trust the trusted keys
     * @param accepted ids of notices that the auditor knows
     */
    public EvaluatedStatements evaluatedStatements(Trust trust, Set<String> accepted) {
        return EvaluatedStatements.of(read(), keyring(), trust, accepted);
    }

    /** As {@link #evaluatedStatements(Trust, Set)}, with the configured trust. */
    public EvaluatedStatements evaluatedStatements() {
        return evaluatedStatements(trust, Set.of());
    }

    /** The trusted keys, as configured. */
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
     * Whether {@code ledger} lacks a place that the newest checkpoint made here names. This happens after a damaged log, whose rest
     * SQLite drops silently, or after a manual replacement by a backup. Empty when nothing is missing.
     */
    public Optional<String> lost(Ledger ledger) {
        return file.newest().flatMap(newest -> newest.heads().stream()
                .filter(head -> head.seq() > 0 && !ledger.has(head))
                .findFirst()
                .map(head -> "record " + head.place() + ", which the checkpoint of " + newest.at()
                        + " names, is not in the message box: messages or records from before that time may be lost"));
    }

    /** The heads of the newest statement made here; empty when there is none. */
    public List<Ledger.Head> newestHeads() {
        return file.newest().map(Statement::heads).orElse(List.of());
    }

    /** When the newest statement was signed here; empty when there is none. */
    public Optional<Instant> newestAt() {
        return file.newest().map(newest -> Instant.parse(newest.at()));
    }

    /** Whether a folder has statements that can be read, of this machine or of others. */
    public static boolean areIn(Path folder) {
        try {
            return StatementFolder.files(folder).stream().anyMatch(Files::isReadable);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether nothing was ever signed here. */
    public boolean isEmpty() {
        return file.newest().isEmpty();
    }

    /** The fingerprints of the key that signs here; empty when there is none yet. */
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
     * The fingerprint of the key that signs here: SHA-256 of its public half in DER, hex. Creates the key if there is none.
     *
     * @throws IOException when it cannot be read or created
     * @throws GeneralSecurityException when it is not a key
     */
    public String fingerprint() throws IOException, GeneralSecurityException {
        return key.forSigning().fingerprint();
    }
}
