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
 * Signs statements about the ledger and keeps them outside the store, in {@code checkpoints.jsonl}. What a checkpoint names cannot be
 * changed afterwards without being found, by who has the checkpoint and knows the key. Safe for use by several threads and processes.
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

    /** The checkpoints of the store that has its place at {@code place}: in the folder that the settings name, else beside it. */
    public static Checkpoints of(Path place, Optional<AuditLedgerSettings> settings) {
        return new Checkpoints(
                folder(place, settings).resolve(FILE),
                LedgerKey.source(place, settings),
                settings.map(AuditLedgerSettings::trustedKeys).map(Trust::in).orElse(Trust.FIRST_USE));
    }

    /** The folder that the settings name, else the one beside the store. */
    public static Path folder(Path place, Optional<AuditLedgerSettings> settings) {
        return settings.flatMap(AuditLedgerSettings::checkpointFolder).orElse(beside(place));
    }

    /** Those that an auditor was given: a folder with lines of checkpoints and the public half of the key. */
    public static Checkpoints kept(Path folder) {
        return new Checkpoints(
                folder.resolve(FILE), LedgerKey.publicHalf(folder.resolve(StatementFile.PUBLIC_KEY)), Trust.FIRST_USE);
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
     * Signs where the ledger ends, with Merkle roots over what came since the checkpoint before, writes that outside the store, and records
     * it.
     *
     * @return what the ledger calls it: the SHA-256 of what was signed
     * @throws IOException when the place outside can't be written
     * @throws GeneralSecurityException when the key can't be used
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

    /** The last place of each lane that lies under a root made here. Read once from the file; what is made later is added. */
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
     * @return what is to be recorded in the transaction that does it
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
     * @return what is to be recorded in the transaction that does it
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
     * Signs that records are gone: their lanes end at {@code heads}, and the ledger goes on in others.
     *
     * @return what is to be recorded
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
     * Makes another key, which takes over from the one that signs here: that key signs so, and is deleted.
     *
     * @return what is to be recorded
     * @throws IOException when the statement or the new key cannot be written
     * @throws GeneralSecurityException when the key is not a file that Sendport made, or cannot be used
     */
    public Entry rotate(Ledger ledger, Instant now) throws IOException, GeneralSecurityException {
        if (!key.isOwn()) {
            throw new GeneralSecurityException("checkpointKey names the key, and Sendport does not change it. Sign the"
                    + " handover with --public-key FILE, then let checkpointKey name the new key");
        }
        LedgerKey successor = LedgerKey.newPair();
        return handOver(ledger, successor, now, () -> key.replace(successor));
    }

    /**
     * Signs that the key whose public half is in {@code publicKey} takes over from the one that signs here.
     *
     * @return what is to be recorded
     * @throws IOException when the file cannot be read or the statement cannot be written
     * @throws GeneralSecurityException when it holds no public key, or the present one cannot be used
     */
    public Entry handOver(Ledger ledger, Path publicKey, Instant now) throws IOException, GeneralSecurityException {
        LedgerKey successor = LedgerKey.publicHalf(publicKey).forVerifying();
        return handOver(ledger, successor, now, () -> {});
    }

    /** What comes with a handover, before anybody else can sign. */
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

    /** Where they lie. */
    Path folder() {
        return file.folder();
    }

    /** Whether they lie in the same folder as the store at {@code place}, so that who rolls back the one can roll back the other. */
    public boolean areBeside(Path place) {
        return file.folder().equals(beside(place).toAbsolutePath().normalize());
    }

    /** Everything in the folder, statements of other machines that were put there under other names included. */
    StatementFolder read() {
        return StatementFolder.read(file.path());
    }

    /** Those that were made here. */
    List<Statement> readOwn() {
        return file.statements();
    }

    /**
     * What lies here, weighed.
     *
     * @param trust whose word counts
     * @param accepted ids of notices that are known
     */
    public Testimony testimony(Trust trust, Set<String> accepted) {
        return Testimony.of(read(), keyring(), trust, accepted);
    }

    /** As {@link #testimony(Trust, Set)}, by the trust that the settings name. */
    public Testimony testimony() {
        return testimony(trust, Set.of());
    }

    /** Whose word counts, as the settings name it. */
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
            throw new IllegalStateException("the ledger's key can't be read: " + e.getMessage(), e);
        }
    }

    /**
     * What the newest checkpoint made here names and {@code ledger} has no more, as after a log that was damaged, whose rest SQLite
     * drops without a word, or a backup that was put in the store's place by hand; empty when it is all there.
     */
    public Optional<String> lost(Ledger ledger) {
        return file.newest()
                .flatMap(
                        newest -> newest.heads().stream()
                                .filter(head -> head.seq() > 0 && !ledger.has(head))
                                .findFirst()
                                .map(
                                        head -> "record " + head.place() + ", which the checkpoint of " + newest.at()
                                                + " names, is not in the message box: what was acknowledged or recorded before that time may be lost"));
    }

    /** The heads that the newest statement made here names; none where there is none. */
    public List<Ledger.Head> newestHeads() {
        return file.newest().map(Statement::heads).orElse(List.of());
    }

    /** Whether nothing was ever signed here. */
    public boolean isEmpty() {
        return file.newest().isEmpty();
    }

    /** The fingerprints of the key that signs here; none where there is none yet. */
    public Set<String> ownKeys() {
        try {
            if (!key.exists()) {
                return Set.of();
            }
            LedgerKey own = key.forVerifying();
            return Set.of(own.fingerprint(), own.earlierFingerprint());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the ledger's key can't be read: " + e.getMessage(), e);
        }
    }

    /**
     * The fingerprint of the key that signs here: SHA-256 of its public half in DER, hex; it is made where there is none.
     *
     * @throws IOException when it can't be read or made
     * @throws GeneralSecurityException when it is no key
     */
    public String fingerprint() throws IOException, GeneralSecurityException {
        return key.forSigning().fingerprint();
    }
}
