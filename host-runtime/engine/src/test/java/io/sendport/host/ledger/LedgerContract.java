package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageProperties;
import io.sendport.config.AuditDisclosure;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.NewMessage;
import io.sendport.host.box.PersonalData;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.Pruning;
import io.sendport.host.ledger.checkpoint.Trust;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.ledger.privacy.Erasure;
import io.sendport.host.ledger.privacy.Pseudonyms;
import io.sendport.host.ledger.verify.ExportVerification;
import io.sendport.host.ledger.verify.Inclusion;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ledger finds and tells, whatever database it lies in. */
abstract class LedgerContract {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBoxSettings settings;

    /** A message box that isn't there yet. */
    abstract MessageBoxSettings settings(Path place);

    /** Runs a statement past the product; how many rows it changed. */
    abstract int execute(MessageBoxSettings there, String sql) throws Exception;

    /** Ten messages sent, a checkpoint after the fifth. */
    @BeforeEach
    void fill() throws Exception {
        settings = settings(folder);
        try (MessageBox box = TestBox.open(settings, clock)) {
            for (int i = 0; i < 10; i++) {
                TestBox.send(box, clock, "a@customer.example");
                if (i == 4) {
                    checkpoints().make(box.ledger(), clock.instant(), "H", "i");
                }
            }
        }
    }

    private Checkpoints checkpoints() {
        return Checkpoints.of(settings.place(), Optional.empty());
    }

    private Path beside(String ending) {
        return settings.place().resolveSibling(settings.place().getFileName() + ending);
    }

    private Verification.Finding verify() {
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock)) {
            return TestBox.verify(box, settings.place());
        }
    }

    /** A statement about rows changes the segments that hold them. */
    private void tamper(String sql) throws Exception {
        assertThat(sql.contains("audit_record") ? asRows(sql) : execute(settings, sql))
                .as(sql)
                .isPositive();
    }

    private int asRows(String sql) {
        try (Store store = Store.open(settings, Access.WRITE)) {
            return store.write(transaction -> Forms.asRows(
                    transaction.handle(), () -> transaction.handle().execute(sql)));
        }
    }

    @Test
    void isValidAndAnchoredUpToTheCheckpoint() {
        Verification.Finding finding = verify();
        assertThat(finding.fault()).isEmpty();
        assertThat(finding.records()).isEqualTo(31);
        assertThat(finding.anchored()).isEqualTo(15);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_record SET header = replace(header, 'ACCEPTED', 'REFUSED') WHERE seq = 3",
                "UPDATE audit_record SET private = replace(private, 'customer', 'evil') WHERE seq = 6",
                "UPDATE audit_record SET kind = 'REFUSED' WHERE seq = 3",
                "UPDATE audit_record SET hash = replace(hash, 'a', 'b') WHERE seq = 3",
                "UPDATE audit_record SET at = at + 1 WHERE seq = 9",
                "UPDATE audit_record SET salt = (SELECT o.salt FROM audit_record o WHERE o.seq = 3) WHERE seq = 2",
                "UPDATE audit_record SET private = NULL, salt = NULL WHERE seq = 2",
                "DELETE FROM audit_record WHERE seq = 7",
                "DELETE FROM audit_record WHERE seq = 31",
                "DELETE FROM audit_record WHERE seq > 12",
                "UPDATE audit_record SET seq = CASE seq WHEN 4 THEN 1004 END WHERE seq = 4",
                "INSERT INTO audit_record SELECT lane, 32, at, kind, port, message, step, mime_message_id, queue_id, header, hash, salt, private FROM audit_record WHERE seq = 31",
                "DELETE FROM audit_segment WHERE first_seq = 7",
                "UPDATE audit_segment SET private = (SELECT o.private FROM audit_segment o WHERE o.first_seq = 3) WHERE first_seq = 2",
                "INSERT INTO audit_segment SELECT 9, first_seq, last_seq, min_at, max_at, kinds, last_hash, headers, private FROM audit_segment WHERE first_seq = 3",
                "UPDATE audit_indexed SET indexed_to = 32",
                "UPDATE audit_lane SET head_seq = 30",
                "UPDATE message SET steps = steps + 1 WHERE seq = 2"
            })
    void detectsTamperingWithTheTables(String sql) throws Exception {
        tamper(sql);
        assertThat(verify().fault()).as(sql).isPresent();
    }

    @Test
    void detectsTruncationBeforeTheLastCheckpoint() throws Exception {
        tamper("DELETE FROM audit_record WHERE seq > 12");
        tamper("UPDATE audit_lane SET head_seq = 12, head_hash = (SELECT hash FROM audit_record WHERE seq = 12)");
        tamper("DELETE FROM message WHERE seq > 4");
        assertThat(verify().fault())
                .hasValueSatisfying(
                        fault -> assertThat(fault).contains("checkpoint").contains("cut off"));
    }

    @Test
    void reportsAtStartThatACheckpointedRecordIsLost() throws Exception {
        assertThat(lost()).isEmpty();
        tamper("DELETE FROM audit_record WHERE seq > 12");
        tamper("UPDATE audit_lane SET head_seq = 12, head_hash = (SELECT hash FROM audit_record WHERE seq = 12)");
        assertThat(lost())
                .hasValueSatisfying(what -> assertThat(what).startsWith("record 0:15, which the checkpoint of"));
    }

    private Optional<String> lost() {
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock)) {
            return checkpoints().lost(box.ledger());
        }
    }

    @Test
    void findsACheckpointThatWasForged() throws Exception {
        Path file = beside(".checkpoints").resolve("checkpoints.jsonl");
        Files.writeString(file, Files.readString(file).replace("\"seq\":15", "\"seq\":12"));
        assertThat(verify().fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("missing outside the store"));
        assertThat(verify().notices()).singleElement().satisfies(notice -> assertThat(notice.text())
                .startsWith("line 1 of checkpoints.jsonl")
                .contains("is not valid for any key"));
    }

    @Test
    void makesTheKeyReadableByItsOwnerOnly() throws Exception {
        assertThat(Files.getPosixFilePermissions(beside(".ledger-key.pem")))
                .hasToString(
                        "[OWNER_READ, OWNER_WRITE]"
                                        .equals(Files.getPosixFilePermissions(beside(".ledger-key.pem"))
                                                .toString())
                                ? "[OWNER_READ, OWNER_WRITE]"
                                : "[OWNER_WRITE, OWNER_READ]");
    }

    @Test
    void isSearchedByRecipientPropertyKindAndMessage() throws Exception {
        try (MessageBox box = TestBox.open(settings, clock)) {
            requireSearches(box);
            box.ledger().index();
            requireSearches(box);
            TestBox.send(box, clock, "late@customer.example");
            assertThat(TestBox.search(box, AuditFilter.ofRecipient("late@customer.example")))
                    .as("the index does not cover it yet")
                    .hasSize(2);
        }
    }

    private static void requireSearches(MessageBox box) {
        assertThat(TestBox.search(box, AuditFilter.ofRecipient("A@customer.example")))
                .hasSize(20);
        assertThat(TestBox.search(box, AuditFilter.all().ofKinds(List.of(Kind.ACCEPTED))))
                .hasSize(10);
        assertThat(TestBox.search(
                        box,
                        new AuditFilter(
                                Map.of(),
                                List.of(),
                                List.of(),
                                Map.of("InvoiceNumber", "4711"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Map.of())))
                .hasSize(30);
        String id = TestBox.search(box, AuditFilter.all()).get(0).header("message");
        assertThat(TestBox.search(box, AuditFilter.ofMessage(id)))
                .extracting(each -> each.header("kind"))
                .containsExactly("SUBMITTED", "ATTEMPT_STARTED", "ACCEPTED");
    }

    /** What docs/audit-ledger.md tells an auditor to type. */
    @Test
    void isShownByTheDocumentedSql() throws Exception {
        List<String> documented = java.util.regex.Pattern.compile("```sql\n(.*?);\n```", java.util.regex.Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../docs/audit-ledger.md")))
                .results()
                .map(match -> match.group(1).replace("4711", "5"))
                .toList();
        assertThat(documented).hasSize(3);
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock)) {
            StoredRecord link = box.ledger().find(0, 5).orElseThrow().link();
            for (String sql : List.of(documented.get(0), documented.get(isPostgres() ? 2 : 1))) {
                List<Map<String, Object>> rows = box.store()
                        .read(handle -> handle.createQuery(sql).mapToMap().list());
                assertThat(rows).singleElement().satisfies(row -> assertThat(row)
                        .containsEntry("header", link.header())
                        .containsEntry("secret", link.secret()));
            }
        }
    }

    private boolean isPostgres() {
        return settings.url().startsWith("jdbc:postgresql");
    }

    @Test
    void beginsWhereItWasPruned() throws Exception {
        serveTime();
        assertThat(prune(clock.instant())).isEqualTo(15);
        Verification.Finding finding = verify();
        assertThat(finding.fault()).isEmpty();
        assertThat(finding.begins()).containsExactly("0:15");
        assertThat(finding.records()).isEqualTo(17);
        assertThat(prune(clock.instant()))
                .as("and no further without a checkpoint")
                .isZero();
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock)) {
            assertThat(TestBox.search(box, AuditFilter.ofRecipient("a@customer.example")))
                    .hasSize(10);
            assertThat(TestBox.search(box, AuditFilter.all().ofKinds(List.of(Kind.PRUNED))))
                    .singleElement()
                    .satisfies(each -> assertThat(each.header("instance")).isEqualTo("i"));
        }
    }

    /** Ran without end: the checkpoint behind a record that is younger than it was found again and again. */
    @Test
    @Timeout(300)
    void triesEachCheckpointOnceEvenIfTheClockWasSetBack() throws Exception {
        clock.advance(Duration.ofDays(1));
        try (MessageBox box = TestBox.open(settings, clock)) {
            TestBox.submit(box, clock, "P");
            clock.advance(Duration.ofDays(-1));
            checkpoints().make(box.ledger(), clock.instant(), "H", "i");
        }
        clock.advance(Duration.ofDays(40));
        assertThat(prune(clock.instant())).as("a message is still in the box").isZero();
    }

    @Test
    void detectsNewRecordsWhenTheClockIsSetBack() {
        try (MessageBox box = TestBox.open(settings, clock)) {
            List<Ledger.Head> then = box.ledger().heads();
            assertThat(box.ledger().hasNewsSince(then)).isFalse();
            clock.advance(Duration.ofDays(-300));
            TestBox.submit(box, clock, "P");
            assertThat(box.ledger().hasNewsSince(then)).isTrue();
        }
    }

    /** A person who reads slowly held a snapshot, and the write-ahead log could not be moved. */
    @Test
    void isReadInPagesSoThatASlowReaderHoldsNoSnapshot() {
        try (MessageBox box = TestBox.open(settings, clock)) {
            box.store().change(transaction -> {
                for (int i = 0; i < 2_500; i++) {
                    box.ledger()
                            .append(transaction, Entry.of(Kind.CONFIG_LOADED).detail("detail", "number " + i));
                }
            });
            List<String> read = new ArrayList<>();
            box.ledger().read(AuditFilter.all().ofKinds(List.of(Kind.CONFIG_LOADED)), each -> {
                if (read.size() % 1_000 == 0) {
                    box.ledger().record(Entry.of(Kind.CONFIG_LOADED).detail("detail", "meanwhile"));
                    requireNoReader(box.store());
                }
                return read.add(each.detail("detail"));
            });
            assertThat(read)
                    .as("each once, in order, and nothing that came meanwhile")
                    .hasSize(2_500)
                    .doesNotHaveDuplicates()
                    .doesNotContain("meanwhile")
                    .startsWith("number 0", "number 1")
                    .endsWith("number 2499");
        }
    }

    /** Fails where an open snapshot would keep this kind of store from tidying up. */
    abstract void requireNoReader(Store store);

    @Test
    void prunesNothingThatAMessageStillNeeds() throws Exception {
        assertThat(prune(clock.instant().plusSeconds(1)))
                .as("their rows are still in the box")
                .isZero();
        serveTime();
        assertThat(prune(clock.instant().minus(Duration.ofDays(32))))
                .as("they ended less than that ago")
                .isZero();
    }

    @Test
    void findsRecordsDeletedAsIfTheyHadBeenPruned() throws Exception {
        serveTime();
        tamper("UPDATE audit_lane SET pruned_seq = 12, pruned_hash = (SELECT hash FROM audit_record WHERE seq = 12)");
        tamper("DELETE FROM audit_record WHERE seq <= 12");
        assertThat(verify().fault()).hasValueSatisfying(fault -> assertThat(fault)
                .contains("no trusted signature says that they were pruned"));
    }

    @Test
    void isValidAfterPersonalDataIsErased() throws Exception {
        try (MessageBox box = TestBox.open(settings, clock)) {
            PersonalData data = new PersonalData(box, new Erasure(box.store(), box.ledger(), checkpoints()), copies());
            assertThat(data.erase(List.of("a@customer.example"), true, new Actor("jo@pc", ""))
                            .messages())
                    .isEqualTo(10);
            PersonalData.Erased erased = data.erase(List.of("a@customer.example"), false, new Actor("jo@pc", "asked"));
            assertThat(erased.records()).isEqualTo(30);
            assertThat(TestBox.search(box, AuditFilter.ofRecipient("a@customer.example")))
                    .isEmpty();
            assertThat(TestBox.search(box, AuditFilter.all()))
                    .noneMatch(each -> each.secret().toString().contains("customer"));
        }
        Verification.Finding finding = verify();
        assertThat(finding.fault()).isEmpty();
        assertThat(finding.erased()).isEqualTo(30);
    }

    @Test
    void doesNotEraseAMessageInProgressButReportsIt() throws Exception {
        try (MessageBox box = TestBox.open(settings, clock)) {
            TestBox.submit(box, clock, "P");
            MessageRow row = box.claims().claim("P", "i", 1).get(0);
            TestBox.start(box, row, TestBox.delivery(row, "b@customer.example"), "i", true);
            PersonalData data = new PersonalData(box, new Erasure(box.store(), box.ledger(), checkpoints()), copies());
            assertThat(data.erase(List.of("b@customer.example"), false, new Actor("jo@pc", "")))
                    .isEqualTo(new PersonalData.Erased(0, 0, List.of(row.id().value()), List.of()));
        }
    }

    /** Such as one for a dynamic port: the ledger names its recipient at the first attempt. */
    @Test
    void erasesANeverAttemptedMessageThatNamesThePerson() throws Exception {
        try (MessageBox box = TestBox.open(settings, clock)) {
            Actor jo = new Actor("jo@pc", "asked");
            MessageRow waiting = brings(box, "mailto:Eve@hr.example?cc=x@hr.example");
            MessageRow ended = brings(box, "Eve <eve@hr.example>");
            MessageRow other = brings(box, "steve@hr.example, eve@hr.example.org");
            assertThat(box.acts().act(MessageAct.TERMINATE, ended, jo)).isEmpty();
            assertThat(box.acts().act(MessageAct.TERMINATE, other, jo)).isEmpty();
            PersonalData data = new PersonalData(box, new Erasure(box.store(), box.ledger(), checkpoints()), copies());
            PersonalData.Erased dry = data.erase(List.of("eve@hr.example"), true, jo);
            PersonalData.Erased erased = data.erase(List.of("eve@hr.example"), false, jo);
            assertThat(List.of(dry.messages(), erased.messages())).containsExactly(1, 1);
            assertThat(erased.underWay()).containsExactly(waiting.id().value());
            assertThat(box.queries().byPrefix(ended.id().value())).isEmpty();
            assertThat(box.queries().byPrefix(other.id().value())).hasSize(1);
            assertThat(TestBox.verify(box, settings.place()).fault()).isEmpty();
        }
    }

    private MessageRow brings(MessageBox box, String address) throws Exception {
        NewMessage plain = TestBox.message(clock, "P", Body.of("x", StandardCharsets.UTF_8), Optional.empty());
        NewMessage addressed = new NewMessage(
                plain.id(),
                plain.port(),
                plain.host(),
                plain.application(),
                plain.submittedAt(),
                plain.context().with(MessageProperties.OUTBOUND_LOCATION, address),
                plain.parts(),
                plain.dedupeKey(),
                plain.actor(),
                plain.audited(),
                plain.sourceId());
        box.inbox().put(addressed);
        return box.queries().byPrefix(plain.id().value()).get(0);
    }

    @Test
    void doesNotEraseAMessageOnHoldUntilItIsReleased() throws Exception {
        try (MessageBox box = TestBox.open(settings, clock)) {
            TestBox.send(box, clock, "held@customer.example");
            MessageRow row = newest(box);
            Actor jo = new Actor("jo@pc", "case 17");
            assertThat(box.acts().act(MessageAct.HOLD, row, jo)).isEmpty();
            PersonalData data = new PersonalData(box, new Erasure(box.store(), box.ledger(), checkpoints()), copies());
            assertThat(data.erase(List.of("held@customer.example"), false, jo))
                    .isEqualTo(new PersonalData.Erased(
                            0, 0, List.of(), List.of(row.id().value())));
            assertThat(box.queries().byPrefix(row.id().value())).hasSize(1);
            assertThat(box.acts().act(MessageAct.RELEASE, row, jo)).isEmpty();
            assertThat(data.erase(List.of("held@customer.example"), false, jo).messages())
                    .isEqualTo(1);
            assertThat(box.queries().byPrefix(row.id().value())).isEmpty();
            assertThat(TestBox.verify(box, settings.place()).fault()).isEmpty();
        }
    }

    @Test
    void noticesThatAHoldWasLiftedWithoutARecord() throws Exception {
        try (MessageBox box = TestBox.open(settings, clock)) {
            TestBox.send(box, clock, "held@customer.example");
            MessageRow row = newest(box);
            assertThat(box.acts().act(MessageAct.HOLD, row, new Actor("jo@pc", "case 17")))
                    .isEmpty();
            assertThat(TestBox.verify(box, settings.place()).fault()).isEmpty();
            tamper("UPDATE message SET held = NULL");
            assertThat(TestBox.verify(box, settings.place()).fault().toString())
                    .contains("hold of message " + row.id() + " was changed");
            tamper("DELETE FROM message");
            assertThat(TestBox.verify(box, settings.place()).fault().toString()).contains("although it is on hold");
        }
    }

    private static MessageRow newest(MessageBox box) {
        return box.queries().list(MessageFilter.all(), Optional.of(1)).get(0);
    }

    private AuditorCopies copies() {
        return AuditorCopies.of(settings.place(), TestBox.ledgerSettings());
    }

    @Test
    void findsRecordsByPseudonymWhenAddressesAreHashed() throws Exception {
        Pseudonyms pseudonyms = Pseudonyms.of(settings.place(), TestBox.ledgerSettings());
        Disclosure hashed =
                pseudonyms.disclosure(new AuditDisclosure(AuditDisclosure.Level.OFF, AuditDisclosure.Level.HASHED));
        try (MessageBox box = TestBox.open(settings, clock)) {
            box.ledger().discloseBy(host -> hashed);
            TestBox.submit(box, clock, "P");
            MessageRow row = box.claims().claim("P", "i", 1).get(0);
            TestBox.start(box, row, TestBox.delivery(row, "Hidden@customer.example"), "i", true);
            String name = pseudonyms.ofAddress("hidden@customer.example").orElseThrow();
            assertThat(TestBox.search(box, AuditFilter.ofRecipient(name)))
                    .singleElement()
                    .satisfies(each -> assertThat(each.secret().toString())
                            .doesNotContainIgnoringCase("hidden")
                            .contains(name));
        }
        assertThat(verify().fault()).isEmpty();
        assertThat(Files.getPosixFilePermissions(beside(".pseudonym-key"))).hasSize(2);
    }

    @Test
    void isVerifiedFromAnExportedFile() throws Exception {
        Path file = export();
        ExportVerification kept = new ExportVerification(
                Optional.of(Checkpoints.kept(beside(".checkpoints"))), Verification.Auditor.DEFAULT, false);
        Verification.Finding finding = kept.run(file);
        assertThat(finding.fault()).isEmpty();
        assertThat(finding.records()).isEqualTo(31);
        assertThat(finding.anchored()).isEqualTo(15);
        List<String> lines = Files.readAllLines(file);
        for (List<String> forged : List.of(
                without(lines, 7),
                without(lines, 0),
                lines.subList(0, 12),
                with(lines, 2, "ACCEPTED", "REFUSED"),
                with(lines, 2, "customer", "other"))) {
            Files.write(file, forged);
            assertThat(kept.run(file).fault()).as(forged.size() + " lines").isPresent();
        }
        Files.write(file, without(lines, 7));
        assertThat(new ExportVerification(Optional.empty(), Verification.Auditor.DEFAULT, true)
                        .run(file)
                        .fault())
                .as("a selection may leave out records")
                .isEmpty();
    }

    private Path export() throws IOException {
        Path file = folder.resolve("ledger.jsonl");
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock);
                PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            Inclusion inclusions = new Inclusion(box.ledger(), checkpoints(), Trust.FIRST_USE);
            box.ledger().readLanes(AuditFilter.all(), each -> {
                out.println(CanonicalJson.of(each.asEvidence(inclusions.of(each, false))));
                return true;
            });
        }
        return file;
    }

    private static List<String> without(List<String> lines, int index) {
        List<String> fewer = new ArrayList<>(lines);
        fewer.remove(index);
        return fewer;
    }

    private static List<String> with(List<String> lines, int index, String old, String other) {
        List<String> changed = new ArrayList<>(lines);
        assertThat(lines.get(index)).contains(old);
        changed.set(index, lines.get(index).replace(old, other));
        return changed;
    }

    /** The rows of all messages go. */
    private void serveTime() {
        try (MessageBox box = TestBox.open(settings, clock)) {
            clock.advance(Duration.ofDays(31));
            box.upkeep().run();
        }
    }

    private long prune(Instant limit) throws Exception {
        try (MessageBox box = TestBox.open(settings, clock)) {
            return new Pruning(box.store(), box.ledger(), checkpoints())
                    .run(limit, clock.instant(), entry -> entry.by("H", "i"));
        }
    }
}
