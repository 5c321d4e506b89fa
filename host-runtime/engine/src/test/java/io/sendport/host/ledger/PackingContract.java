package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.verify.Packing;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of an earlier version become segments, and nothing else changes. */
abstract class PackingContract {

    private static final Duration TURN = Duration.ofMinutes(1);
    private static final AuditFilter TO_A3 = AuditFilter.ofRecipient("a3@customer.example");

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBoxSettings settings;

    /** A message box that isn't there yet. */
    abstract MessageBoxSettings settings(Path place);

    /** Rows of 61 records, signed after the tenth message and at the end; ten segments behind them. */
    @BeforeEach
    void fill() throws Exception {
        settings = settings(folder);
        try (MessageBox box = TestBox.open(settings, clock)) {
            for (int i = 0; i < 20; i++) {
                TestBox.send(box, clock, "a" + i + "@customer.example");
                if (i % 10 == 9) {
                    clock.advance(Duration.ofMinutes(5));
                    checkpoints().make(box.ledger(), clock.instant(), "H", "i");
                }
            }
            box.ledger().index();
            box.store().change(transaction -> Forms.toRows(transaction.handle(), 62));
            TestBox.send(box, clock, "last@customer.example");
            box.ledger().index();
        }
    }

    private Checkpoints checkpoints() {
        return Checkpoints.of(settings.place(), Optional.empty());
    }

    /** What a reader sees: all records, and those that each index finds. */
    private static Map<String, List<String>> seen(MessageBox box) {
        String message = TestBox.search(box, AuditFilter.all()).get(0).header("message");
        return Map.of(
                "all", lines(box, AuditFilter.all()),
                "message", lines(box, AuditFilter.ofMessage(message)),
                "recipient", lines(box, TO_A3),
                "kind", lines(box, AuditFilter.all().ofKinds(List.of(Kind.CHECKPOINT))));
    }

    private static List<String> lines(MessageBox box, AuditFilter filter) {
        return TestBox.search(box, filter).stream()
                .map(each -> each.link().place()
                        + each.hash()
                        + each.link().header()
                        + each.link().secret())
                .toList();
    }

    private Packing.Result pack(MessageBox box) {
        return new Packing(box.store(), checkpoints()).run(TURN);
    }

    private static int execute(MessageBox box, String sql) {
        return box.store().write(transaction -> transaction.handle().execute(sql));
    }

    private static long count(MessageBox box, String table) {
        return box.store().read(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }

    private Verification.Finding verify(MessageBox box) {
        return TestBox.verify(box, settings.place());
    }

    @Test
    void changesNothingThatAReaderSees() {
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, clock)) {
            Map<String, List<String>> before = seen(box);
            assertThat(before.get("recipient")).isNotEmpty();
            assertThat(verify(box).fault()).isEmpty();
            Packing.Result result = pack(box);
            assertThat(result.packed()).isEqualTo(62);
            assertThat(result.left()).isEqualTo(Packing.Remaining.NONE);
            assertThat(result.fault()).isEmpty();
            assertThat(count(box, "audit_record")).isZero();
            assertThat(count(box, "audit_recipient")).isZero();
            assertThat(seen(box)).isEqualTo(before);
            assertThat(verify(box).fault()).isEmpty();
            assertThat(verify(box).records()).isEqualTo(65);
            assertThat(pack(box)).isEqualTo(new Packing.Result(0, Packing.Remaining.NONE, Optional.empty()));
        }
    }

    @Test
    void endsASegmentAtEachSignedPlace() {
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, clock)) {
            pack(box);
            List<Long> signed = checkpoints().evaluatedStatements().statements().stream()
                    .flatMap(each -> each.heads().stream())
                    .map(Ledger.Head::seq)
                    .toList();
            assertThat(signed).isNotEmpty();
            List<Long> ends = box.store().read(handle -> handle.createQuery("SELECT last_seq FROM audit_segment")
                    .mapTo(Long.class)
                    .list());
            assertThat(ends).containsAll(signed);
        }
    }

    @Test
    void keepsAnErasedRecordErased() throws Exception {
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, clock)) {
            List<AuditRecord> records = TestBox.search(box, TO_A3);
            box.store().change(transaction -> Erasing.run(transaction.handle(), records));
            Map<String, List<String>> before = seen(box);
            assertThat(pack(box).packed()).isEqualTo(62);
            assertThat(seen(box)).isEqualTo(before);
            assertThat(TestBox.search(box, AuditFilter.all()))
                    .filteredOn(each -> each.link().isBlank())
                    .hasSameSizeAs(records)
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_record SET header = replace(header, 'ACCEPTED', 'REFUSED') WHERE seq = 6",
                "UPDATE audit_record SET private = replace(private, 'customer', 'evil') WHERE seq = 6",
                "UPDATE audit_record SET port = 'Q' WHERE seq = 6",
                "UPDATE audit_record SET hash = replace(hash, 'a', 'b') WHERE seq = 6",
                "DELETE FROM audit_recipient WHERE seq = 6",
                "DELETE FROM audit_record WHERE seq = 6"
            })
    void stopsAtATamperedRecord(String forgery) {
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, clock)) {
            assertThat(execute(box, forgery)).isEqualTo(1);
            Map<String, List<String>> before = seen(box);
            Optional<String> fault = verify(box).fault();
            assertThat(fault).isPresent();
            Packing.Result result = pack(box);
            assertThat(result.fault()).as("%s", result).hasValueSatisfying(what -> assertThat(what)
                    .contains("record 0:6"));
            assertThat(result.packed()).isLessThanOrEqualTo(5);
            assertThat(count(box, "audit_record")).isGreaterThan(50);
            assertThat(seen(box)).isEqualTo(before);
            assertThat(verify(box).fault()).isEqualTo(fault);
        }
    }

    @Test
    void skipsRecordsThatRetentionIsAboutToDelete() {
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, clock)) {
            Ledger.Head end = checkpoints()
                    .evaluatedStatements()
                    .statements()
                    .get(1)
                    .heads()
                    .get(0);
            box.store().change(transaction -> {
                Prunable.advance(transaction.handle(), end);
                Prunable.delete(transaction.handle(), end, 5);
            });
            Packing.Result result = pack(box);
            assertThat(result.fault()).isEmpty();
            assertThat(result.packed()).isEqualTo(62 - end.seq());
            assertThat(pack(box).left()).isEqualTo(Packing.Remaining.NONE);
        }
    }

    @Test
    void packsNoRowsWhoseCheckpointIsMissing() throws Exception {
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, clock)) {
            Path elsewhere = folder.resolve("elsewhere.db");
            Packing.Result result = new Packing(box.store(), Checkpoints.of(elsewhere, Optional.empty())).run(TURN);
            assertThat(result.packed()).isZero();
            assertThat(result.fault())
                    .hasValueSatisfying(why -> assertThat(why).contains("not in the checkpoint folder"));
        }
    }

    @Test
    void doesNothingWhileAProcessVerifies() throws Exception {
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, clock);
                MessageBox other = MessageBox.open(settings, Access.READ, clock)) {
            List<Packing.Result> turns = new ArrayList<>();
            other.store().whileRecordsStay(() -> {
                Thread packing = new Thread(() -> turns.add(pack(box)));
                packing.start();
                try {
                    packing.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return true;
            });
            assertThat(turns).containsExactly(new Packing.Result(0, Packing.Remaining.VERIFIED, Optional.empty()));
            assertThat(pack(box).packed()).isEqualTo(62);
        }
    }
}
