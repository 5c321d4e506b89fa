package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.RetryRule;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.decide.Decision;
import io.sendport.host.store.Store;
import io.sendport.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
                TestBox.submit(box, clock, "P");
                MessageRow row = box.claims().claim("P", "i", 1).get(0);
                Delivery delivery = TestBox.delivery(row, "a@customer.example");
                int no = TestBox.start(box, row, delivery, "i", true);
                box.attempts()
                        .settle(
                                row,
                                delivery,
                                no,
                                "i",
                                TestBox.result(delivery, Outcome.ACCEPTED),
                                Optional.of(all ->
                                        Decision.after(all, RetryRule.DEFAULT, 1, row.submittedAt(), clock.instant())));
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
        try (MessageBox box = MessageBox.open(settings, Store.Access.READ, clock)) {
            return TestBox.verify(box, settings.place());
        }
    }

    private void tamper(String sql) throws Exception {
        assertThat(execute(settings, sql)).as(sql).isPositive();
    }

    @Test
    void holdsAndIsAnchoredUpToTheCheckpoint() {
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
                "UPDATE audit_record SET port = 'Q' WHERE seq = 3",
                "UPDATE audit_record SET at = at + 1 WHERE seq = 9",
                "UPDATE audit_record SET salt = (SELECT o.salt FROM audit_record o WHERE o.seq = 3) WHERE seq = 2",
                "UPDATE audit_record SET private = NULL, salt = NULL WHERE seq = 2",
                "DELETE FROM audit_record WHERE seq = 7",
                "DELETE FROM audit_record WHERE seq = 31",
                "DELETE FROM audit_record WHERE seq > 12",
                "UPDATE audit_record SET seq = CASE seq WHEN 4 THEN 1004 END WHERE seq = 4",
                "INSERT INTO audit_record SELECT lane, 32, at, kind, port, message, step, mime_message_id, queue_id, header, hash, salt, private FROM audit_record WHERE seq = 31",
                "UPDATE audit_lane SET head_seq = 30",
                "UPDATE message SET steps = steps + 1 WHERE seq = 2"
            })
    void findsWhateverIsChanged(String sql) throws Exception {
        tamper(sql);
        assertThat(verify().fault()).as(sql).isPresent();
    }

    @Test
    void findsATailCutOffByWhoKnowsOurCodeUpToTheAnchor() throws Exception {
        tamper("DELETE FROM audit_record WHERE seq > 12");
        tamper("UPDATE audit_lane SET head_seq = 12, head_hash = (SELECT hash FROM audit_record WHERE seq = 12)");
        tamper("DELETE FROM message WHERE seq > 4");
        assertThat(verify().fault())
                .hasValueSatisfying(
                        fault -> assertThat(fault).contains("checkpoint").contains("cut off"));
    }

    @Test
    void findsACheckpointThatWasForged() throws Exception {
        Path file = beside(".checkpoints").resolve("checkpoints.jsonl");
        Files.writeString(file, Files.readString(file).replace("\"seq\":15", "\"seq\":12"));
        assertThat(verify().fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("signature does not hold"));
    }

    @Test
    void keepsTheKeyForItsOwnerAlone() throws Exception {
        assertThat(Files.getPosixFilePermissions(beside(".ledger-key.pem")))
                .hasToString(
                        "[OWNER_READ, OWNER_WRITE]"
                                        .equals(Files.getPosixFilePermissions(beside(".ledger-key.pem"))
                                                .toString())
                                ? "[OWNER_READ, OWNER_WRITE]"
                                : "[OWNER_WRITE, OWNER_READ]");
    }

    @Test
    void isSearchedByRecipientPropertyKindAndMessage() {
        try (MessageBox box = MessageBox.open(settings, Store.Access.READ, clock)) {
            assertThat(search(
                            box,
                            new AuditFilter(
                                    java.util.Map.of(),
                                    Optional.of("A@customer.example"),
                                    java.util.Map.of(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    java.util.Map.of())))
                    .hasSize(20);
            assertThat(search(box, AuditFilter.all().with("kind", "ACCEPTED"))).hasSize(10);
            assertThat(search(
                            box,
                            new AuditFilter(
                                    java.util.Map.of(),
                                    Optional.empty(),
                                    java.util.Map.of("InvoiceNumber", "4711"),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    java.util.Map.of())))
                    .hasSize(30);
            String id = search(box, AuditFilter.all()).get(0).header("message");
            assertThat(search(box, AuditFilter.ofMessage(id)))
                    .extracting(each -> each.header("kind"))
                    .containsExactly("SUBMITTED", "ATTEMPT_STARTED", "ACCEPTED");
        }
    }

    private static List<AuditRecord> search(MessageBox box, AuditFilter filter) {
        List<AuditRecord> found = new ArrayList<>();
        box.ledger().read(filter, found::add);
        return found;
    }
}
