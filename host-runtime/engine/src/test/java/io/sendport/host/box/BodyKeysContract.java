package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.message.Body;
import io.sendport.api.settings.Origin;
import io.sendport.api.submit.Receipt;
import io.sendport.config.BodyKeySettings;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.port.RetryRule;
import io.sendport.host.TestBox;
import io.sendport.host.box.body.BodyKey;
import io.sendport.host.box.body.BodyKeyException;
import io.sendport.host.box.body.BodyKeys;
import io.sendport.host.box.body.BodyPlace;
import io.sendport.host.box.body.BodyStore;
import io.sendport.host.box.body.DamagedException;
import io.sendport.host.decide.Decision;
import io.sendport.host.ledger.Hashing;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code bodyKey} the store has bodies and sealed mails encrypted, and reads them under the keys of the file. */
abstract class BodyKeysContract {

    static final String SECRET = "IBAN DE02 1203 0000 0000 2020 51";

    /** Lines of a body that lies in its row, and of one that lies in chunks. */
    private static final int SMALL = 1;

    /** A power of two, so that chunks of such a body are alike. */
    private static final String LINE = SECRET + "\n".repeat(64 - SECRET.length());

    private static final int LARGE = 4 * 1024 * 1024 / 64;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBoxSettings plain;
    private Path file;
    MessageBox box;

    /** A message box that isn't there yet. */
    abstract MessageBoxSettings settings(Path place);

    @BeforeEach
    void open() throws Exception {
        plain = settings(folder);
        file = folder.resolve("body.keys");
        Files.writeString(file, key("k1", 1));
        box = TestBox.open(encrypted(), clock);
    }

    @AfterEach
    void verifiesWithoutAKey() {
        box.close();
        box = TestBox.open(plain, clock);
        assertThat(TestBox.verify(box, plain.place()).fault()).isEmpty();
        box.close();
    }

    static String key(String id, int fill) {
        byte[] key = new byte[BodyKey.BYTES];
        java.util.Arrays.fill(key, (byte) fill);
        return id + " " + Base64.getEncoder().encodeToString(key) + "\n";
    }

    private MessageBoxSettings encrypted() {
        return TestBox.encrypted(
                plain, new BodyKeySettings(file, Optional.empty(), new Origin(Path.of("sendport.xml"), 1, 1)));
    }

    private void reopen(MessageBoxSettings settings) {
        box.close();
        box = TestBox.open(settings, clock);
    }

    private static Body text(int lines) {
        return Body.of(LINE.repeat(lines), StandardCharsets.US_ASCII);
    }

    private Receipt submitted(int lines) {
        return TestBox.submit(box, clock, "P", text(lines), Optional.empty());
    }

    private MessageRow row(Receipt receipt) {
        return box.queries().byPrefix(receipt.id().value()).get(0);
    }

    private byte[] read(Receipt receipt) throws IOException {
        return read(box.inbox().load(row(receipt)).parts().get(0).body());
    }

    private static byte[] read(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return in.readAllBytes();
        }
    }

    /** A message whose mail waits for its retry, sealed. */
    private MessageRow deferred(int lines) throws Exception {
        submitted(lines);
        MessageRow row = box.claims().claim("P", "i", 1).get(0);
        Delivery defaultDelivery = TestBox.delivery(row, "a@customer.example");
        Delivery delivery = new Delivery(
                row.id(),
                1,
                defaultDelivery.sender(),
                defaultDelivery.recipients(),
                defaultDelivery.handling(),
                text(lines),
                defaultDelivery.transparency(),
                HexFormat.of().formatHex(Hashing.sha256().digest(read(text(lines)))),
                defaultDelivery.mimeMessageId());
        int no = box.attempts()
                .start(new Attempts.Start(row, delivery, List.of(delivery), true, "i", Map.of(), "[]", true));
        box.attempts()
                .settle(
                        row,
                        delivery,
                        no,
                        "i",
                        TestBox.result(delivery, Outcome.DEFERRED),
                        Optional.of(
                                all -> Decision.after(all, RetryRule.DEFAULT, 1, row.submittedAt(), clock.instant())));
        return row;
    }

    /** What the tables have of all bodies, one character for a byte. */
    private String stored() {
        return box.store().read(handle -> Stream.of(
                        "SELECT body FROM part WHERE body IS NOT NULL",
                        "SELECT bytes FROM body_chunk",
                        "SELECT sealed FROM delivery WHERE sealed IS NOT NULL")
                .flatMap(sql -> handle.createQuery(sql).map((row, context) -> row.getBytes(1)).list().stream())
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .collect(Collectors.joining("|")));
    }

    private void change(String sql, Object... values) {
        box.store().change(transaction -> assertThat(transaction.handle().execute(sql, values))
                .isPositive());
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void storesNoPlainTextOfBodiesAndSealedMails(int lines) throws Exception {
        deferred(lines);
        assertThat(stored()).hasSizeGreaterThan(2 * 64 * lines).doesNotContain(SECRET.substring(0, 12));
        assertThat(box.queries().bodiesByKey()).isEqualTo(Map.of("k1", 2L));

        reopen(plain);
        submitted(lines);
        assertThat(stored()).as("without the option").contains(SECRET);
        assertThat(box.queries().bodiesByKey()).isEqualTo(Map.of("", 1L, "k1", 2L));
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void readsBodiesAndSealedMailsAfterARestart(int lines) throws Exception {
        MessageRow row = deferred(lines);
        reopen(encrypted());
        assertThat(read(box.attempts().toRetry(row).get(0).sealed().orElseThrow()))
                .isEqualTo(read(text(lines)));
        assertThat(read(box.inbox().load(row).parts().get(0).body())).isEqualTo(read(text(lines)));
    }

    @Test
    void encryptsTheSameTextToDifferentBytesEachTime() {
        submitted(SMALL);
        submitted(SMALL);
        assertThat(List.of(stored().split("\\|", 2))).doesNotHaveDuplicates();
    }

    @Test
    void writesUnderTheLastKeyAndReadsUnderAll() throws Exception {
        Receipt before = submitted(LARGE);
        Files.writeString(file, key("k1", 1) + "# added\n" + key("k2", 2));
        try (MessageBox restarted = TestBox.open(encrypted(), clock)) {
            Receipt after = TestBox.submit(restarted, clock, "P", text(SMALL), Optional.empty());
            assertThat(restarted.queries().bodiesByKey()).isEqualTo(Map.of("k1", 1L, "k2", 1L));
            assertThat(read(restarted.inbox().load(row(before)).parts().get(0).body()))
                    .isEqualTo(read(text(LARGE)));
            assertThat(read(after))
                    .as("an instance that was not restarted looks into the file again")
                    .isEqualTo(read(text(SMALL)));
        }
        submitted(SMALL);
        assertThat(box.queries().bodiesByKey()).as("it writes as before").isEqualTo(Map.of("k1", 2L, "k2", 1L));
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void namesAMissingKeyAndReadsOnceItIsRestored(int lines) throws Exception {
        MessageRow row = deferred(lines);
        Files.writeString(file, key("k2", 2));
        reopen(encrypted());
        assertThatThrownBy(() -> box.inbox().load(row))
                .isInstanceOf(BodyKeyException.class)
                .hasMessageContaining("\"k1\"")
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> box.attempts().toRetry(row)).isInstanceOf(BodyKeyException.class);
        assertThat(box.attempts().withoutBytes(row))
                .as("who has it needs no key")
                .hasSize(1);

        Files.writeString(file, key("k1", 1) + key("k2", 2));
        assertThat(box.attempts().toRetry(row)).hasSize(1);
        assertThat(read(box.inbox().load(row).parts().get(0).body())).isEqualTo(read(text(lines)));

        reopen(plain);
        assertThatThrownBy(() -> box.inbox().load(row))
                .isInstanceOf(BodyKeyException.class)
                .hasMessageContaining("\"k1\"")
                .hasMessageContaining("no bodyKey");
    }

    @Test
    void acceptsNoSubmissionWhenTheKeyFileIsMissing() throws Exception {
        Files.delete(file);
        reopen(encrypted());
        for (int lines : List.of(SMALL, LARGE)) {
            assertThatThrownBy(() -> submitted(lines))
                    .isInstanceOf(BodyKeyException.class)
                    .hasMessageContaining(file.toString());
        }
        assertThat(stored()).isEmpty();
        assertThat(box.queries().bodiesByKey()).isEmpty();
    }

    @Test
    void detectsADifferentKeyWithTheSameId() throws Exception {
        Receipt small = submitted(SMALL);
        Receipt large = submitted(LARGE);
        Files.writeString(file, key("k1", 9));
        reopen(encrypted());
        assertThatThrownBy(() -> read(small))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("\"k1\"");
        assertThatThrownBy(() -> read(large)).isInstanceOf(IOException.class).hasMessageContaining("\"k1\"");
    }

    /** The texts are the same, so no digest tells. */
    @Test
    void findsRowsThatWereSwapped() throws Exception {
        Receipt first = submitted(SMALL);
        Receipt second = submitted(SMALL);
        change(
                "UPDATE part SET body = (SELECT other.body FROM part other WHERE other.message_seq = ?) WHERE message_seq = ?",
                row(first).seq(),
                row(second).seq());
        assertThat(read(first)).isEqualTo(read(text(SMALL)));
        assertThatThrownBy(() -> read(second)).isInstanceOf(DamagedException.class);

        MessageRow mail = deferred(SMALL);
        change(
                "UPDATE delivery SET sealed = (SELECT body FROM part WHERE message_seq = ?) WHERE message_seq = ?",
                mail.seq(),
                mail.seq());
        assertThatThrownBy(() -> box.attempts().toRetry(mail)).isInstanceOf(DamagedException.class);
    }

    /** Their texts are the same, so no digest tells. */
    @Test
    void findsChunksThatWereSwapped() throws Exception {
        Receipt within = submitted(LARGE + 8192);
        Receipt first = submitted(LARGE);
        Receipt second = submitted(LARGE);
        assertThat(read(within)).isEqualTo(read(text(LARGE + 8192)));
        String swap = "UPDATE body_chunk SET bytes = (SELECT other.bytes FROM body_chunk other WHERE other.no = ?"
                + " AND other.body_id = (SELECT body_id FROM part WHERE message_seq = ?))"
                + " WHERE no = ? AND body_id = (SELECT body_id FROM part WHERE message_seq = ?)";
        change(swap, 2, row(within).seq(), 1, row(within).seq());
        change(swap, 2, row(first).seq(), 2, row(second).seq());

        assertThat(read(first)).isEqualTo(read(text(LARGE)));
        for (Receipt each : List.of(within, second)) {
            assertThatThrownBy(() -> read(each))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("differs from the one that was encrypted");
        }
    }

    @Test
    void findsABodyThatWasCutOffAtAChunk() throws Exception {
        Receipt cut = submitted(LARGE);
        String id = box.store().read(handle -> handle.createQuery("SELECT body_id FROM part WHERE message_seq = ?")
                .bind(0, row(cut).seq())
                .mapTo(String.class)
                .one());
        int last = box.store().read(handle -> handle.createQuery("SELECT max(no) FROM body_chunk WHERE body_id = ?")
                .bind(0, id)
                .mapTo(Integer.class)
                .one());
        change("DELETE FROM body_chunk WHERE body_id = ? AND no = ?", id, last);
        assertThatThrownBy(() -> read(cut)).isInstanceOf(IOException.class);

        // As if somebody could make the digests fit as well.
        long rest = 1024 * 1024 + 1 + (last - 1) * 512L * 1024;
        byte[] head = java.util.Arrays.copyOf(read(text(LARGE)), (int) rest);
        BodyStore bodies =
                new BodyStore(box.store(), clock, BodyKeys.of(encrypted().bodyKey()));
        Body shortened = bodies.body(
                new BodyStore.Kept(
                        null,
                        id,
                        box.store().pageOfMovedRows(),
                        "k1",
                        rest,
                        HexFormat.of().formatHex(Hashing.sha256().digest(head))),
                BodyPlace.part(cut.id(), 0));
        assertThatThrownBy(() -> read(shortened))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("differs from the one that was encrypted");
    }
}
