package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.KeyUse;
import io.sendport.host.ledger.checkpoint.LedgerKey;
import io.sendport.host.ledger.checkpoint.LossStatements;
import io.sendport.host.ledger.checkpoint.Notice;
import io.sendport.host.ledger.checkpoint.Pruning;
import io.sendport.host.ledger.checkpoint.Statement;
import io.sendport.host.ledger.checkpoint.Trust;
import io.sendport.host.ledger.verify.ExportVerification;
import io.sendport.host.ledger.verify.Inclusion;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.Deep;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Insiders with one right or several: to the store, to the folder of checkpoints, to the key. Each of their forgeries is found. */
abstract class ForgeryContract {

    private static final List<String> TABLES = List.of(
            "audit_lane",
            "audit_record",
            "audit_recipient",
            "audit_property",
            "audit_segment",
            "audit_key",
            "audit_indexed",
            "message",
            "part");
    private static final String OTHER = "ab".repeat(32);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBoxSettings settings;
    private LedgerKey stranger;

    /** A message box that isn't there yet. */
    abstract MessageBoxSettings settings(Path place);

    /** Twenty messages sent and one waiting, checkpoints between them, the last one over everything but itself. */
    @BeforeEach
    void fill() throws Exception {
        settings = settings(folder);
        stranger = LedgerKey.newPair();
        try (MessageBox box = TestBox.open(settings, clock)) {
            for (int i = 0; i < 20; i++) {
                TestBox.send(box, clock, "a" + i + "@customer.example");
                if (i % 7 == 6) {
                    make(box);
                }
            }
            TestBox.submit(box, clock, "P");
            make(box);
            // Segments of several records, as busy hosts write them; some places end one, so that forgers can cut
            // there.
            box.store().change(transaction -> Forms.join(transaction.handle(), 5, List.of(21L, 43L, 63L)));
            box.ledger().index();
            box.store().change(transaction -> Forms.toRows(transaction.handle(), rows()));
        }
    }

    /** Up to where the ledger still consists of rows. */
    long rows() {
        return 0;
    }

    private void make(MessageBox box) throws Exception {
        clock.advance(Duration.ofMinutes(5));
        checkpoints().make(box.ledger(), clock.instant(), "H", "i");
    }

    private Checkpoints checkpoints() {
        return Checkpoints.of(settings.place(), Optional.empty());
    }

    private Path statements() {
        return settings.place().resolveSibling(settings.place().getFileName() + ".checkpoints");
    }

    private LedgerKey ownKey() throws Exception {
        return LedgerKey.source(settings.place(), Optional.empty()).forSigning();
    }

    /** What an insider does. */
    interface Forgery {
        void by(Forger forger) throws Exception;
    }

    /** With the store alone, with the folder too, with the key too. */
    private Map<String, Forgery> forgeries() {
        Map<String, Forgery> all = new LinkedHashMap<>();
        all.put("a pruning that names a key nobody knows", this::prunedByNobody);
        all.put("an erasure that names a key nobody knows", this::erasedByNobody);
        all.put("a pruning that names the right key, and was not signed", forger -> {
            Ledger.Head place = forger.record(0, 40);
            forger.append(
                    0,
                    "PRUNED",
                    Map.of("checkpoint", OTHER, "key", ownKey().fingerprint(), "pruned", List.of(place.json())));
            forger.cutOff(place);
        });
        all.put("a pruning signed by a key that was planted", forger -> {
            forger.plant(stranger, "another.pem");
            Ledger.Head place = forger.record(0, 40);
            String hash = forger.sign(
                    stranger,
                    "another.jsonl",
                    List.of(place),
                    Map.of("kind", "pruned", "pruned", List.of(place.json())));
            forger.append(
                    0,
                    "PRUNED",
                    Map.of("checkpoint", hash, "key", stranger.fingerprint(), "pruned", List.of(place.json())));
            forger.cutOff(place);
        });
        all.put("the same, in a lane of their own that they signed first", forger -> {
            forger.plant(stranger, "another.pem");
            forger.sql("INSERT INTO audit_lane (lane, head_seq, head_hash) VALUES (77, 0, '" + Hashing.NONE + "')");
            Ledger.Head place = forger.record(0, 40);
            String hash = forger.sign(
                    stranger,
                    "another.jsonl",
                    List.of(place, new Ledger.Head(77, 0, Hashing.NONE)),
                    Map.of("kind", "pruned", "pruned", List.of(place.json())));
            forger.append(
                    77,
                    "PRUNED",
                    Map.of("checkpoint", hash, "key", stranger.fingerprint(), "pruned", List.of(place.json())));
            forger.cutOff(place);
        });
        all.put("an erasure signed by a key that was planted", forger -> {
            forger.plant(stranger, "another.pem");
            List<String> places = forger.blank(0, 20);
            String hash = forger.sign(
                    stranger,
                    "another.jsonl",
                    List.of(),
                    Map.of("kind", "erased", "erased", Hashing.ofHeader(CanonicalJson.of(places))));
            forger.append(0, "ERASED", Map.of("checkpoint", hash, "key", stranger.fingerprint(), "erased", places));
        });
        all.put("a planted key that says of itself that it takes over", forger -> {
            forger.plant(stranger, "another.pem");
            Ledger.Head place = forger.record(0, 40);
            forger.sign(stranger, "another.jsonl", List.of(), Map.of("kind", "rotated", "newKey", stranger.encoded()));
            String hash = forger.sign(
                    stranger,
                    "another.jsonl",
                    List.of(place),
                    Map.of("kind", "pruned", "pruned", List.of(place.json())));
            forger.append(
                    0,
                    "PRUNED",
                    Map.of("checkpoint", hash, "key", stranger.fingerprint(), "pruned", List.of(place.json())));
            forger.cutOff(place);
        });
        all.put("a restore that nobody signed", forger -> {
            Ledger.Head place = forger.record(0, 40);
            forger.plant(stranger, "another.pem");
            String hash = forger.sign(
                    stranger,
                    "another.jsonl",
                    List.of(place),
                    Map.of(
                            "kind",
                            "restored",
                            "abandoned",
                            List.of(new Statement.Cut(0, 40, 66, OTHER).json()),
                            "who",
                            "jo",
                            "why",
                            "disk"));
            forger.sql("DELETE FROM audit_record WHERE seq > 40");
            forger.sql("DELETE FROM audit_key WHERE segment > 40");
            forger.sql("UPDATE audit_indexed SET indexed_to = 40");
            forger.sql("DELETE FROM message WHERE seq > 13");
            forger.sql("UPDATE audit_lane SET head_seq = 40, head_hash = '" + place.hash() + "'");
            forger.append(0, "RESTORED", Map.of("checkpoint", hash, "key", stranger.fingerprint()));
        });
        all.put("everything rewritten, by who has no key", forger -> forger.rewrite(0, Headers::asIfNothing));
        all.put("everything rewritten, and signed once more with the right key", this::rewrittenAndSigned);
        all.put("the Merkle root of a checkpoint that was signed once more with the right key", forger -> {
            Ledger.Head end = forger.record(0, 21);
            forger.sign(
                    ownKey(),
                    "checkpoints.jsonl",
                    List.of(end),
                    Map.of("kind", "checkpoint", "trees", List.of(new Statement.Tree(0, 1, 21, OTHER).json())));
        });
        all.put("the end cut off", forger -> {
            Ledger.Head place = forger.record(0, 60);
            forger.sql("DELETE FROM audit_record WHERE seq > 60");
            forger.sql("DELETE FROM audit_key WHERE segment > 60");
            forger.sql("UPDATE audit_indexed SET indexed_to = 60");
            forger.sql("DELETE FROM message WHERE seq > 18");
            forger.sql("UPDATE audit_lane SET head_seq = 60, head_hash = '" + place.hash() + "'");
        });
        all.put("a statement that the ledger tells of taken from the folder", forger -> {
            Path file = statements().resolve("checkpoints.jsonl");
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            lines.remove(1);
            Files.write(file, lines);
        });
        all.put("the folder emptied", forger -> Files.delete(statements().resolve("checkpoints.jsonl")));
        all.put("a line that nobody signed", forger -> forger.line("checkpoints.jsonl", "{\"x\":1}"));
        all.put("a statement changed", forger -> {
            Path file = statements().resolve("checkpoints.jsonl");
            Files.writeString(file, Files.readString(file).replaceFirst("\"seq\":\\d+", "\"seq\":3"));
        });
        all.put("the content of a waiting message changed with its digest", forger -> {
            forger.sql("UPDATE message SET digest = '" + OTHER + "' WHERE state = 'WAITING'");
        });
        all.put("a waiting message that names another record", forger -> {
            forger.sql("UPDATE message SET ledger_seq = 1 WHERE state = 'WAITING'");
        });
        all.put(
                "a recipient renamed in the index",
                forger -> forger.sql(
                        "UPDATE audit_key SET key = 'r:zzz' WHERE key = (SELECT max(key) FROM audit_key WHERE key LIKE 'r:%')"));
        all.put("a recipient taken from the index and another one doubled", forger -> {
            forger.sql("DELETE FROM audit_key WHERE key = (SELECT max(key) FROM audit_key WHERE key LIKE 'r:%')");
            forger.sql("INSERT INTO audit_key (key, lane, segment) VALUES ('r:9999', 0, 46)");
        });
        all.put(
                "a property changed in the index",
                forger -> forger.sql("UPDATE audit_key SET key = 'p:9999' WHERE segment = 46 AND key LIKE 'p:%'"));
        all.put(
                "a property taken from the index",
                forger -> forger.sql("DELETE FROM audit_key WHERE segment = 46 AND key LIKE 'p:%'"));
        all.put(
                "a message taken from the index",
                forger -> forger.sql(
                        "DELETE FROM audit_key WHERE key = (SELECT max(key) FROM audit_key WHERE key LIKE 'm:%')"));
        all.put(
                "a kind taken from the index",
                forger -> forger.sql("DELETE FROM audit_key WHERE key LIKE 'k:%' AND segment > 40"));
        all.put("an index that claims to cover what it does not", forger -> {
            forger.sql("DELETE FROM audit_key WHERE segment > 40");
            forger.sql("UPDATE audit_indexed SET indexed_to = 66");
        });
        all.put("a mark of the index beyond the end", forger -> forger.sql("UPDATE audit_indexed SET indexed_to = 99"));
        all.putAll(framing());
        all.put("a record taken from the middle", forger -> forger.sql("DELETE FROM audit_record WHERE seq = 30"));
        all.put(
                "a lane nobody knows",
                forger -> forger.sql(
                        "INSERT INTO audit_record SELECT 9, seq, at, kind, port, NULL, step, mime_message_id, queue_id, header, hash, salt, private"
                                + " FROM audit_record WHERE lane = 0 AND seq = 30"));
        all.put("a state that no record tells of", forger -> {
            forger.sql("UPDATE message SET state = 'DONE' WHERE state = 'WAITING'");
        });
        all.put("a message that is gone before it ended", forger -> {
            forger.sql("DELETE FROM message WHERE state = 'WAITING'");
        });
        all.put("a deletion announced in the lane's row alone", forger -> forger.cutOff(forger.record(0, 40)));
        return all;
    }

    /** What breaks a rule of how records lie in a segment. */
    private Map<String, Forgery> framing() {
        Map<String, Forgery> all = new LinkedHashMap<>();
        all.put("kinds of a segment changed", forger -> forger.segment(46, each -> each.kinds = ",ACCEPTED,"));
        all.put("the earliest time of a segment changed", forger -> forger.segment(46, each -> each.minAt--));
        all.put("the latest time of a segment changed", forger -> forger.segment(46, each -> each.maxAt++));
        all.put("the hash of a segment changed", forger -> forger.segment(46, each -> each.lastHash = OTHER));
        all.put("bytes behind the last header", forger -> forger.segment(46, each -> each.headers += "x"));
        all.put("bytes behind the last private part", forger -> forger.segment(46, each -> each.secrets += "x"));
        all.put("a frame behind the last header", forger -> forger.segment(46, each -> each.headers += "00000000"));
        all.put(
                "a length that is no number",
                forger -> forger.segment(46, each -> each.headers = "+" + each.headers.substring(1)));
        all.put(
                "a length beyond the end",
                forger -> forger.segment(46, each -> each.headers = "9" + each.headers.substring(1)));
        all.put(
                "a private part too short for its salt",
                forger -> forger.segment(
                        46, each -> each.secrets = "00000001x" + each.secrets.substring(8 + each.firstSecret())));
        all.put(
                "a private part overwritten with zeros",
                forger -> forger.segment(
                        46,
                        each -> each.secrets = each.secrets.substring(0, 8)
                                + "\0".repeat(each.firstSecret())
                                + each.secrets.substring(8 + each.firstSecret())));
        all.put(
                "a private part taken out",
                forger -> forger.segment(46, each -> each.secrets = each.secrets.substring(8 + each.firstSecret())));
        all.put("a segment that claims one record more", forger -> forger.segment(46, each -> each.last++));
        all.put("a segment that begins one record later", forger -> forger.segment(46, each -> each.first++));
        all.put(
                "a segment that overlaps another one",
                forger -> forger.segment(46, each -> {
                    each.isCopy = true;
                    each.first++;
                }));
        all.put("a segment within another one", forger -> forger.copyOfLast(46));
        all.put("a segment in another lane", forger -> forger.segment(46, each -> each.lane = 9));
        all.put(
                "a segment behind the end",
                forger -> forger.segment(46, each -> {
                    each.isCopy = true;
                    each.first += 500;
                    each.last += 500;
                }));
        all.put("two segments in each other's place", forger -> forger.swap(46, 51));
        all.put("a row beside the segment with its record", forger -> forger.rowBeside(46));
        return all;
    }

    /** Changes of headers. */
    private static final class Headers {
        static Map<String, Object> asIfNothing(Map<String, Object> header) {
            Map<String, Object> changed = new TreeMap<>(header);
            if ("ACCEPTED".equals(changed.get("kind"))) {
                changed.put("host", "G");
            }
            return changed;
        }
    }

    private void prunedByNobody(Forger forger) {
        Ledger.Head place = forger.record(0, 40);
        forger.append(0, "PRUNED", Map.of("checkpoint", OTHER, "key", OTHER, "pruned", List.of(place.json())));
        forger.cutOff(place);
    }

    private void erasedByNobody(Forger forger) {
        List<String> places = forger.blank(0, 20);
        forger.append(0, "ERASED", Map.of("checkpoint", OTHER, "key", OTHER, "erased", places));
    }

    private void rewrittenAndSigned(Forger forger) throws Exception {
        forger.rewrite(0, Headers::asIfNothing);
        for (long seq : List.of(21L, 43L, 63L)) {
            forger.sign(ownKey(), "checkpoints.jsonl", List.of(forger.record(0, seq)), Map.of("kind", "checkpoint"));
        }
    }

    @Test
    void theLedgerIsValidBeforeAnyForgery() throws Exception {
        Verification.Finding finding = verify(Verification.Auditor.DEFAULT);
        assertThat(finding.fault()).isEmpty();
        assertThat(finding.notices()).isEmpty();
        assertThat(finding.keys()).singleElement().satisfies(key -> {
            assertThat(key.fingerprint()).isEqualTo(ownKey().fingerprint());
            assertThat(key.standing()).isEqualTo(KeyUse.Standing.FIRST_USE);
            assertThat(key.since()).hasValue("2026-11-21T08:05:00Z");
        });
        assertThat(verifyExport().isClean()).isTrue();
        assertThat(checkedWithoutOurCode().orElse("")).isEmpty();
    }

    @Test
    void everyForgeryIsFound() throws Exception {
        Map<String, Forgery> forgeries = forgeries();
        assertThat(forgeries).hasSizeGreaterThanOrEqualTo(28);
        Set<String> framing = framing().keySet();
        keep();
        List<String> unnoticed = new ArrayList<>();
        List<String> disputed = new ArrayList<>();
        int number = 0;
        for (Map.Entry<String, Forgery> each : forgeries.entrySet()) {
            try (Store store = Store.open(settings, Access.WRITE)) {
                store.change(transaction -> {
                    try {
                        each.getValue().by(new Forger(transaction.handle(), statements()));
                    } catch (Exception e) {
                        throw new IllegalStateException(each.getKey(), e);
                    }
                });
            }
            Verification.Finding finding = verify(Verification.Auditor.DEFAULT);
            if (finding.isClean()) {
                unnoticed.add(each.getKey());
            }
            if (framing.contains(each.getKey())) {
                // An export does not tell how records lay in segments.
                bringBack();
                continue;
            }
            Verification.Finding exported = verifyExport();
            // A process for each signature of each export: the forgeries take turns.
            Optional<String> script = Deep.hasTurn(number++) ? checkedWithoutOurCode() : Optional.empty();
            if (script.isPresent() && exported.isClean() != script.get().isEmpty()) {
                disputed.add(each.getKey() + ": " + exported.fault() + exported.notices() + ", but " + script.get());
            }
            bringBack();
        }
        assertThat(unnoticed).isEmpty();
        assertThat(disputed).as("both checks of an export agree").isEmpty();
    }

    /** What docs/check_export.py finds in the export; empty text for nothing, and empty where Python or OpenSSL are missing. */
    private Optional<String> checkedWithoutOurCode() throws Exception {
        Optional<String> python = python();
        if (python.isEmpty()) {
            return Optional.empty();
        }
        Process process = new ProcessBuilder(
                        python.get(),
                        Path.of("../../docs/check_export.py").toAbsolutePath().toString(),
                        folder.resolve("ledger.jsonl").toString(),
                        statements().toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Optional.of(process.waitFor() == 0 ? "" : said);
    }

    /** What runs Python, where OpenSSL is there as well. */
    Optional<String> python() {
        try {
            boolean isThere = new ProcessBuilder("openssl", "version").start().waitFor() == 0
                    && new ProcessBuilder("python3", "--version").start().waitFor() == 0;
            return isThere ? Optional.of("python3") : Optional.empty();
        } catch (IOException e) {
            System.out.println("SKIPPED: docs/check_export.py is not run, since python3 or openssl is missing");
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void keep() throws IOException {
        copy(statements(), folder.resolve("kept"));
        try (Store store = Store.open(settings, Access.WRITE)) {
            store.change(transaction -> TABLES.forEach(table ->
                    transaction.handle().execute("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table)));
        }
    }

    private void bringBack() throws IOException {
        copy(folder.resolve("kept"), statements());
        try (Store store = Store.open(settings, Access.WRITE)) {
            store.change(transaction -> TABLES.forEach(table -> {
                transaction.handle().execute("DELETE FROM " + table);
                transaction.handle().execute("INSERT INTO " + table + " SELECT * FROM kept_" + table);
            }));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(to)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private Verification.Finding verify(Verification.Auditor auditor) {
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock)) {
            return new Verification(box.store(), checkpoints(), auditor, held -> {}).run();
        }
    }

    private Verification.Finding verifyExport() throws IOException {
        Path file = folder.resolve("ledger.jsonl");
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock);
                PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            Inclusion inclusions = new Inclusion(box.ledger(), checkpoints(), Trust.FIRST_USE);
            box.ledger().readLanes(AuditFilter.all(), each -> {
                out.println(CanonicalJson.of(each.asEvidence(inclusions.of(each, false))));
                return true;
            });
        }
        return new ExportVerification(Optional.of(Checkpoints.kept(statements())), Verification.Auditor.DEFAULT, false)
                .run(file);
    }

    @Test
    void namesTheKeyWhoseSignatureIsMissing() throws Exception {
        forge(this::prunedByNobody);
        assertThat(verify(Verification.Auditor.DEFAULT).fault()).hasValueSatisfying(fault -> assertThat(fault)
                .contains("the records up to 0:40 are missing")
                .contains(OTHER));
    }

    @Test
    void quotesBothStatementsOfAFork() throws Exception {
        forge(this::rewrittenAndSigned);
        assertThat(verify(Verification.Auditor.DEFAULT).fault()).hasValueSatisfying(fault -> assertThat(fault)
                .contains("forked at 0:21")
                .contains("line 1 of checkpoints.jsonl")
                .contains("line 4 of checkpoints.jsonl"));
        assertThat(verifyExport().fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("forked at 0:21"));
    }

    @Test
    void reportsAnUnsignedLineAndChecksTheRest() throws Exception {
        forge(forger -> forger.line("checkpoints.jsonl", "{\"x\":1}"));
        Verification.Finding finding = verify(Verification.Auditor.DEFAULT);
        assertThat(finding.records()).isEqualTo(64);
        assertThat(finding.fault()).isEmpty();
        Notice notice = finding.notices().get(0);
        assertThat(notice.text()).isEqualTo("line 4 of checkpoints.jsonl is not a signed statement");
        assertThat(verify(new Verification.Auditor(Trust.FIRST_USE, Set.of(notice.id())))
                        .isClean())
                .isTrue();
    }

    /** Whoever has the store and the folder can make both anew: only the fingerprint tells. */
    @Test
    void detectsAReplacedKeyByTheFingerprintThatTheAuditorKept() throws Exception {
        String written = ownKey().fingerprint();
        Files.delete(statements().resolve("checkpoints.jsonl"));
        Files.delete(statements().resolve("public-key.pem"));
        Files.delete(settings.place().resolveSibling(settings.place().getFileName() + ".ledger-key.pem"));
        String replaced = ownKey().fingerprint();
        forge(forger -> {
            forger.plant(ownKey(), "public-key.pem");
            forger.rewrite(0, header -> {
                Map<String, Object> changed = Headers.asIfNothing(header);
                if (changed.containsKey("checkpoint")) {
                    changed.put("kind", "CONFIG_LOADED");
                    changed.remove("checkpoint");
                }
                return changed;
            });
            forger.sql("UPDATE audit_record SET kind = 'CONFIG_LOADED' WHERE kind = 'CHECKPOINT'");
            forger.sign(ownKey(), "checkpoints.jsonl", List.of(forger.end(0)), Map.of("kind", "checkpoint"));
        });
        Verification.Finding trusting = verify(Verification.Auditor.DEFAULT);
        assertThat(trusting.isClean()).as(trusting.toString()).isTrue();
        assertThat(trusting.keys()).extracting(KeyUse::fingerprint).containsExactly(replaced);

        Verification.Finding insisting = verify(new Verification.Auditor(Trust.in(List.of(written)), Set.of()));
        assertThat(insisting.fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("no statement"));
        assertThat(insisting.keys())
                .extracting(KeyUse::standing)
                .containsExactly(KeyUse.Standing.UNTRUSTED, KeyUse.Standing.GIVEN);
    }

    private void forge(Forgery forgery) throws Exception {
        try (Store store = Store.open(settings, Access.WRITE)) {
            store.change(transaction -> {
                try {
                    forgery.by(new Forger(transaction.handle(), statements()));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void deletesNoRecordsWithoutASignedStatement() throws Exception {
        forge(forger -> {
            Ledger.Head place = forger.record(0, 40);
            forger.sql("UPDATE audit_lane SET pruned_seq = 40, pruned_hash = '" + place.hash() + "'");
        });
        try (MessageBox box = TestBox.open(settings, clock)) {
            long deleted = new Pruning(box.store(), box.ledger(), checkpoints())
                    .run(clock.instant().minus(Duration.ofDays(1)), clock.instant(), entry -> entry.by("H", "i"));
            assertThat(deleted).isZero();
            assertThat(box.ledger().find(0, 1)).isPresent();
        }
    }

    @Test
    void acceptsANewKeyThatThePreviousKeySigned() throws Exception {
        String first = ownKey().fingerprint();
        try (MessageBox box = TestBox.open(settings, clock)) {
            clock.advance(Duration.ofMinutes(5));
            box.ledger().record(checkpoints().rotate(box.ledger(), clock.instant()));
            TestBox.send(box, clock, "late@customer.example");
            make(box);
        }
        String second = ownKey().fingerprint();
        assertThat(second).isNotEqualTo(first);
        for (Trust trust : List.of(Trust.FIRST_USE, Trust.in(List.of(first)))) {
            Verification.Finding finding = verify(new Verification.Auditor(trust, Set.of()));
            assertThat(finding.fault()).isEmpty();
            assertThat(finding.isClean()).isTrue();
            assertThat(finding.anchoredTo()).containsExactly("0:68");
            assertThat(finding.keys()).extracting(KeyUse::fingerprint).containsExactly(first, second);
            assertThat(finding.keys().get(1).standing()).isEqualTo(KeyUse.Standing.SUCCESSOR);
        }
        assertThat(verifyExport().isClean()).isTrue();
        assertThat(checkedWithoutOurCode().orElse("")).isEmpty();
    }

    @Test
    void ignoresStatementsThatAReplacedKeySignsLater() throws Exception {
        LedgerKey stolen = ownKey();
        try (MessageBox box = TestBox.open(settings, clock)) {
            box.ledger().record(checkpoints().rotate(box.ledger(), clock.instant()));
        }
        forge(forger -> {
            Ledger.Head place = forger.record(0, 40);
            String hash = forger.sign(
                    stolen,
                    "checkpoints.jsonl",
                    List.of(place),
                    Map.of("kind", "pruned", "pruned", List.of(place.json())));
            forger.append(
                    0,
                    "PRUNED",
                    Map.of("checkpoint", hash, "key", stolen.fingerprint(), "pruned", List.of(place.json())));
            forger.cutOff(place);
        });
        Verification.Finding finding = verify(Verification.Auditor.DEFAULT);
        assertThat(finding.fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("the records up to 0:40 are missing"));
        assertThat(finding.notices()).extracting(Notice::text).anySatisfy(text -> assertThat(text)
                .contains("after another key had replaced it"));
    }

    @Test
    void aRestoredBackupStartsANewLaneAndIsReportedUntilAccepted() throws Exception {
        try (MessageBox box = TestBox.open(settings, clock)) {
            // As if the backup had been made before the last three messages.
            List<Ledger.Head> replaced = box.ledger().heads();
            box.store().change(transaction -> {
                Forger forger = new Forger(transaction.handle(), statements());
                Ledger.Head place = forger.record(0, 56);
                forger.sql("DELETE FROM audit_record WHERE seq > 56");
                forger.unindex();
                forger.sql("DELETE FROM message WHERE seq > 18");
                forger.sql("UPDATE audit_lane SET head_seq = 56, head_hash = '" + place.hash() + "'");
            });
            clock.advance(Duration.ofMinutes(5));
            Entry restored = new LossStatements(box.store(), box.ledger(), checkpoints())
                    .restored(replaced, "jo@pc", "the disk broke", clock.instant());
            box.ledger().record(restored);
            TestBox.send(box, clock, "late@customer.example");
            make(box);
            assertThat(box.ledger().heads()).extracting(Ledger.Head::lane).containsExactly(0L, 1L);
        }
        Verification.Finding finding = verify(Verification.Auditor.DEFAULT);
        assertThat(finding.fault()).isEmpty();
        assertThat(finding.isClean()).isFalse();
        assertThat(finding.ends()).containsExactly("0:56", "1:5");
        assertThat(finding.anchoredTo()).containsExactly("0:56", "1:4");
        Notice notice = finding.notices().get(0);
        assertThat(notice.text())
                .startsWith("8 records (0:57 to 0:64) were abandoned when jo@pc restored a backup")
                .endsWith("because: the disk broke");
        assertThat(verify(new Verification.Auditor(Trust.FIRST_USE, Set.of(notice.id())))
                        .isClean())
                .isTrue();
        assertThat(verifyExport().fault()).isEmpty();
        assertThat(verifyExport().notices()).extracting(Notice::id).containsExactly(notice.id());
        checkedWithoutOurCode().ifPresent(said -> assertThat(said)
                .contains("records hold")
                .contains("NOTICE " + notice.id())
                .doesNotContain("does not hold"));
    }

    @Test
    void reportsARestoreEvenIfNoCheckpointNamesTheAbandonedLane() throws Exception {
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, clock)) {
            Entry restored = new LossStatements(box.store(), box.ledger(), checkpoints())
                    .restored(List.of(new Ledger.Head(7, 5, OTHER)), "jo@pc", "the disk broke", clock.instant());
            box.ledger().record(restored);
        }
        assertThat(verify(Verification.Auditor.DEFAULT).notices())
                .extracting(Notice::text)
                .anyMatch(
                        text -> text.startsWith("5 records (7:1 to 7:5) were abandoned when jo@pc restored a backup"));
    }

    @Test
    void detectsARecordAfterTheEndOfALane() throws Exception {
        aRestoredBackupStartsANewLaneAndIsReportedUntilAccepted();
        forge(forger -> forger.append(0, "CONFIG_LOADED", Map.of()));
        assertThat(verify(Verification.Auditor.DEFAULT).fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("says that it ended with 0:56"));
    }

    @Test
    void oneRecordIsProvedWithoutTheOthers() throws Exception {
        Path file = folder.resolve("one.jsonl");
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock)) {
            AuditRecord record = box.ledger().find(0, 30).orElseThrow();
            Map<String, Object> proof = new Inclusion(box.ledger(), checkpoints(), Trust.FIRST_USE)
                    .of(record, true)
                    .orElseThrow();
            assertThat((List<?>) proof.get("path")).hasSizeBetween(1, 5);
            Files.writeString(file, CanonicalJson.of(record.asEvidence(Optional.of(proof))) + "\n");
        }
        ExportVerification selection =
                new ExportVerification(Optional.of(Checkpoints.kept(statements())), Verification.Auditor.DEFAULT, true);
        assertThat(selection.run(file).fault()).isEmpty();
        assertThat(selection.run(file).proved()).isEqualTo(1);
        String line = Files.readString(file);
        Files.writeString(file, line.replaceFirst("\"index\":\\d+", "\"index\":2"));
        assertThat(selection.run(file).fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("inclusion proof"));
        forge(forger -> {
            Path kept = statements().resolve("checkpoints.jsonl");
            Files.writeString(kept, Files.readString(kept).replace("\"trees\"", "\"trees \""));
        });
        Files.writeString(file, line);
        assertThat(selection.run(file).fault())
                .as("a checkpoint that was not kept proves nothing")
                .hasValueSatisfying(fault -> assertThat(fault).contains("inclusion proof"));
    }
}
