package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.message.Body;
import io.sendport.config.AuditLedgerSettings;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.Leftovers;
import io.sendport.host.TestBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.ledger.privacy.Erasure;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a body is let go overwrites it. */
@InTurn
class SecureDeleteTest {

    private static final String SECRET = "IBAN DE02 1203 0000 0000 2020 51";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBox box;

    @BeforeEach
    void open() {
        open(true);
    }

    private void open(boolean secureDelete) {
        open(secureDelete, Duration.ZERO);
    }

    private void open(boolean secureDelete, Duration keepBodies) {
        MessageBoxSettings defaultSettings = TestBox.settings(folder);
        box = TestBox.open(
                new MessageBoxSettings(
                        defaultSettings.url(),
                        defaultSettings.sqliteFile(),
                        defaultSettings.place(),
                        defaultSettings.user(),
                        defaultSettings.password(),
                        defaultSettings.dedupeFor(),
                        defaultSettings.lease(),
                        keepBodies,
                        defaultSettings.keepMessages(),
                        defaultSettings.keepAudit(),
                        defaultSettings.maxBytes(),
                        defaultSettings.minFree(),
                        secureDelete,
                        defaultSettings.bodyKey()),
                clock);
        box.store().overwriteFreePages();
    }

    @AfterEach
    void close() {
        box.close();
    }

    private MessageRow submitted(int times) throws Exception {
        Body body = Body.of(("pay to " + SECRET + "\n").repeat(times), StandardCharsets.US_ASCII);
        TestBox.submit(box, clock, "P", body, Optional.empty());
        assertThat(left()).isNotEmpty();
        return box.claims().claim("P", "i", 1).get(0);
    }

    private List<Path> left() throws Exception {
        return Leftovers.of(SECRET, folder);
    }

    /** While the process goes on, as an instance that renews its lease while nothing else happens. */
    private void requireNothingLeftOnceTheLogIsEmpty() throws Exception {
        Path log = Path.of(TestBox.settings(folder).place() + "-wal");
        Patience.until("the log is empty", () -> {
            boolean isEmpty = Files.size(log) == 0;
            box.store().change(transaction -> transaction.handle().execute("UPDATE store_state SET id = id"));
            return isEmpty;
        });
        assertThat(left()).isEmpty();
    }

    /** SQLite removes the log with the last connection. */
    private void requireNothingLeft() throws Exception {
        box.upkeep().run();
        box.close();
        assertThat(left()).isEmpty();
    }

    private static Delivery delivery(MessageRow row, String recipient, int times) {
        Delivery plain = TestBox.delivery(row, recipient);
        return new Delivery(
                row.id(),
                1,
                plain.sender(),
                plain.recipients(),
                plain.handling(),
                Body.of(("sealed " + SECRET + "\n").repeat(times), StandardCharsets.US_ASCII),
                plain.transparency(),
                plain.sha256(),
                plain.mimeMessageId());
    }

    private void attempt(MessageRow row, Delivery delivery, Outcome outcome, boolean keepSealed) throws Exception {
        int no = box.attempts()
                .start(new Attempts.Start(row, delivery, List.of(delivery), keepSealed, "i", Map.of(), "[]", true));
        TestBox.settle(box, clock, row, delivery, no, outcome);
    }

    @Test
    void overwritesTheBodyWhenTheMessageIsDone() throws Exception {
        MessageRow small = submitted(1);
        attempt(small, delivery(small, "a@customer.example", 1), Outcome.ACCEPTED, true);
        MessageRow large = submitted(60_000);
        attempt(large, delivery(large, "a@customer.example", 60_000), Outcome.ACCEPTED, true);
        requireNothingLeftOnceTheLogIsEmpty();
    }

    @Test
    void overwritesTheBodyWhenAComponentConsumesTheMessage() throws Exception {
        box.attempts().consumed(submitted(60_000), "i", "archive", "[]");
        requireNothingLeft();
    }

    @Test
    void overwritesTheBodyWhenAnOperatorTerminatesTheMessage() throws Exception {
        MessageRow row = submitted(1);
        attempt(row, delivery(row, "a@customer.example", 60_000), Outcome.REFUSED, true);
        assertThat(box.acts().act(MessageAct.TERMINATE, suspended(row), new Actor("me", "wrong")))
                .isEmpty();
        requireNothingLeft();
    }

    @Test
    void overwritesTheBodyOfAResubmittedMessage() throws Exception {
        MessageRow first = submitted(60_000);
        attempt(first, delivery(first, "a@customer.example", 60_000), Outcome.REFUSED, true);
        Body body = box.inbox().load(first).parts().get(0).body();
        TestBox.submit(box, clock, "P", body, Optional.empty());
        MessageRow second = box.claims().claim("P", "i", 1).get(0);
        box.attempts().consumed(second, "i", "archive", "[]");
        assertThat(left()).as("the first still waits for a person").isNotEmpty();
        assertThat(box.acts().act(MessageAct.TERMINATE, suspended(first), new Actor("me", "sent anew")))
                .isEmpty();
        requireNothingLeft();
    }

    @Test
    void overwritesTheBodyOfAReassembledMessage() throws Exception {
        MessageRow row = submitted(1);
        attempt(row, delivery(row, "a@customer.example", 60_000), Outcome.REFUSED, true);
        assertThat(box.acts().act(MessageAct.REASSEMBLE, suspended(row), new Actor("me", "again")))
                .isEmpty();
        box.attempts().consumed(box.claims().claim("P", "i", 1).get(0), "i", "archive", "[]");
        requireNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60_000})
    void overwritesTheBodyWhenItsRetentionExpires(int times) throws Exception {
        box.close();
        open(true, Duration.ofHours(2));
        MessageRow row = submitted(times);
        attempt(row, delivery(row, "a@customer.example", times), Outcome.ACCEPTED, true);
        box.upkeep().run();
        assertThat(left()).isNotEmpty();
        clock.advance(Duration.ofHours(3));
        requireNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60_000})
    void overwritesTheBodyWhenPersonalDataIsErased(int times) throws Exception {
        box.close();
        open(true, Duration.ofDays(1));
        MessageRow row = submitted(times);
        attempt(row, delivery(row, "a@customer.example", times), Outcome.ACCEPTED, true);
        Path place = TestBox.settings(folder).place();
        AuditLedgerSettings defaultSettings = TestBox.ledgerSettings();
        PersonalData data = new PersonalData(
                box,
                new Erasure(box.store(), box.ledger(), Checkpoints.of(place, Optional.of(defaultSettings))),
                AuditorCopies.of(place, defaultSettings));
        assertThat(data.erase(List.of("a@customer.example"), false, new Actor("me", "asked"))
                        .messages())
                .isEqualTo(1);
        requireNothingLeft();
    }

    @Test
    void overwritesTheBodyOfADuplicateSubmission() throws Exception {
        Body body = Body.of(("pay to " + SECRET + "\n").repeat(60_000), StandardCharsets.US_ASCII);
        TestBox.submit(box, clock, "P", body, Optional.of("4711"));
        assertThat(TestBox.submit(box, clock, "P", body, Optional.of("4711")).duplicate())
                .isTrue();
        box.attempts().consumed(box.claims().claim("P", "i", 1).get(0), "i", "archive", "[]");
        requireNothingLeft();
    }

    @Test
    void overwritesABodyThatCannotBeReadCompletely() throws Exception {
        byte[] bytes = ("pay to " + SECRET + "\n").repeat(60_000).getBytes(StandardCharsets.US_ASCII);
        Body body = new Body() {
            @Override
            public InputStream open() {
                return new SequenceInputStream(new ByteArrayInputStream(bytes), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the disk it comes from failed");
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        return read();
                    }
                });
            }

            @Override
            public long size() {
                return bytes.length;
            }
        };
        assertThatThrownBy(() -> box.inbox().put(TestBox.message(clock, "P", body, Optional.empty())))
                .hasMessageContaining("the disk it comes from failed");
        requireNothingLeft();
    }

    @Test
    void overwritesTheBodyWhenTheLeaseIsLostBeforeTheAttempt() throws Exception {
        MessageRow row = submitted(1);
        Delivery delivery = delivery(row, "a@customer.example", 60_000);
        TestBox.bury(box, "i");
        box.claims().takeOver(any -> Terms.DEFAULT);
        assertThatThrownBy(() -> attempt(row, delivery, Outcome.ACCEPTED, true))
                .isInstanceOf(Attempts.LeaseLostException.class);
        box.attempts().consumed(box.claims().claim("P", "j", 1).get(0), "j", "archive", "[]");
        requireNothingLeft();
    }

    private MessageRow suspended(MessageRow row) {
        return box.queries().byPrefix(row.id().value()).get(0);
    }

    /** SQLite may have left copies of those that are still there. */
    @Test
    void staysIncompleteWhileEarlierBodiesRemain() throws Exception {
        box.close();
        open(false);
        MessageRow before = submitted(1);
        box.close();
        open(true);
        assertThat(isDone()).isFalse();

        box.attempts().consumed(before, "i", "archive", "[]");
        submitted(1);
        box.close();
        open(true);

        assertThat(isDone()).isTrue();
    }

    private boolean isDone() {
        return box.store().read(handle -> handle.createQuery("SELECT overwrites FROM store_state")
                .mapTo(Boolean.class)
                .one());
    }

    /** SQLite moves rows between pages as others come and go, and leaves copies where they were: nothing of a body may be in one. */
    @ParameterizedTest
    @ValueSource(ints = {15, 19, 37})
    void leavesNoCopyWhenRowsMoveBetweenPages(int seed) throws Exception {
        Random random = new Random(seed);
        List<Long> rows = new ArrayList<>();
        List<Long> ended = new ArrayList<>();
        for (long seq = 1; seq <= 1500; rows.add(seq++)) {
            if (seq % 20 == 1) {
                int first = (int) seq;
                box.inbox()
                        .put(IntStream.range(first, first + 20)
                                .mapToObj(no -> message(no, random))
                                .toList());
            }
            if (seq % 20 == 0) {
                Collections.shuffle(rows, random);
                List<Long> half = rows.subList(0, rows.size() / 2);
                box.store().change(transaction -> half.forEach(each -> EndedContent.dropBodies(transaction, each)));
                ended.addAll(half);
                half.clear();
            }
        }
        box.close();

        assertThat(Leftovers.any(ended.stream().map(seq -> iban(seq.intValue())).toList(), folder))
                .isEmpty();
    }

    private static String iban(int no) {
        return String.format("IBAN %06d;", no);
    }

    private NewMessage message(int no, Random random) {
        int most = List.of(1, 10, 40, 100, 400, 2000).get(random.nextInt(6));
        Body body = Body.of(iban(no).repeat(1 + random.nextInt(most)), StandardCharsets.US_ASCII);
        return TestBox.message(clock, "P", body, Optional.empty());
    }
}
