package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.message.Body;
import io.sendport.api.submit.Receipt;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Routing;
import io.sendport.config.port.PortState;
import io.sendport.config.port.RetryRule;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Placeholders;
import io.sendport.host.TestBox;
import io.sendport.host.box.body.ContentDigest;
import io.sendport.host.box.body.DamagedException;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Instances;
import io.sendport.host.box.control.LogLevel;
import io.sendport.host.box.control.LogLevels;
import io.sendport.host.box.control.Pause;
import io.sendport.host.box.control.Rates;
import io.sendport.host.box.control.Reloads;
import io.sendport.host.decide.Decision;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a message box does, whatever database it lies in. */
abstract class MessageBoxContract {

    @TempDir
    private Path folder;

    private MessageBoxSettings settings;

    private final SettableClock clock = new SettableClock();
    private MessageBox box;

    /** A message box that isn't there yet. */
    abstract MessageBoxSettings settings(Path place);

    /** The box of the test under way. */
    MessageBox box() {
        return box;
    }

    SettableClock clock() {
        return clock;
    }

    Path folder() {
        return folder;
    }

    /** The box was closed, and is opened once more. */
    void reopen() {
        box.close();
        box = TestBox.open(settings, clock);
    }

    @BeforeEach
    void open() {
        settings = settings(folder);
        box = TestBox.open(settings, clock);
    }

    @AfterEach
    void everythingIsOnTheLedger() {
        assertThat(TestBox.verify(box, settings.place()).fault()).isEmpty();
        box.close();
    }

    private MessageRow row(Receipt receipt) {
        return box.queries().byPrefix(receipt.id().value()).get(0);
    }

    private MessageRow claimed(String instance) {
        return box.claims().claim("P", instance, 1).get(0);
    }

    private Delivery attempt(MessageRow row, Outcome outcome, RetryRule rule, boolean first, String... recipients)
            throws Exception {
        Delivery delivery =
                TestBox.delivery(row, recipients.length == 0 ? new String[] {"a@customer.example"} : recipients);
        int no = TestBox.start(box, row, delivery, "i", first);
        TestBox.settle(box, clock, row, delivery, no, outcome, rule, row.attempts() + 1);
        return delivery;
    }

    @Test
    void readsBackThePauseOfEachPort() {
        Pause person = new Pause(Pause.Kind.ORDER, Optional.empty(), "message 1 is suspended");
        Pause window =
                new Pause(Pause.Kind.WINDOW, Optional.of(Instant.ofEpochMilli(5)), "the service window is closed");
        box.ports().initialize("P", PortState.STARTED);
        box.ports().initialize("Q", PortState.STARTED);
        box.ports().pause("P", Optional.of(person));
        box.ports().pause("Q", Optional.of(window));
        assertThat(box.ports().pauses()).isEqualTo(Map.of("P", person, "Q", window));
    }

    @Test
    void bringsDueTimesForwardWhenTheClockIsSetBack() throws Exception {
        Receipt retrying = TestBox.submit(box, clock, "P");
        attempt(claimed("i"), Outcome.DEFERRED, RetryRule.DEFAULT, true);
        Instant due = row(retrying).dueAt();
        clock.advance(Duration.ofDays(-1));
        assertThat(box.claims().claim("P", "i", 1)).isEmpty();
        assertThat(box.claims().bringForward(Duration.ofDays(-1))).isEqualTo(1);
        assertThat(row(retrying).dueAt()).isEqualTo(due.minus(Duration.ofDays(1)));
    }

    @Test
    void deletesAtMostTwoDaysOfDataPerDayWhenTheClockIsFarAhead() throws Exception {
        Receipt receipt = TestBox.submit(box, clock, "P");
        attempt(claimed("i"), Outcome.ACCEPTED, RetryRule.DEFAULT, true);
        box.upkeep().run();
        box.close();
        clock.advance(Duration.ofDays(11 * 365));
        box = TestBox.open(settings, clock);
        box.upkeep().run();
        assertThat(box.queries().byPrefix(receipt.id().value()))
                .as("no time has passed for a process that began under that clock")
                .hasSize(1);
        clock.advance(Duration.ofDays(14));
        box.upkeep().run();
        assertThat(box.queries().byPrefix(receipt.id().value()))
                .as("28 of 30 days' worth")
                .hasSize(1);
        clock.advance(Duration.ofDays(2));
        box.upkeep().run();
        assertThat(box.queries().byPrefix(receipt.id().value())).isEmpty();
    }

    @Test
    void keepsDedupeKeysWhenTheClockIsFarAhead() {
        TestBox.submit(box, clock, "P", Body.of("x", StandardCharsets.UTF_8), Optional.of("key"));
        box.upkeep().run();
        box.close();
        clock.advance(Duration.ofDays(365));
        box = TestBox.open(settings, clock);
        box.upkeep().run();
        assertThat(dedupeKeys()).as("a lost key is a second mail").isEqualTo(1);
    }

    @Test
    void capsDueTimesThatWereSetWhileTheClockWasAhead() throws Exception {
        clock.advance(Duration.ofDays(1));
        Receipt retrying = TestBox.submit(box, clock, "P");
        attempt(claimed("i"), Outcome.DEFERRED, RetryRule.DEFAULT, true);
        Receipt waiting = TestBox.submit(box, clock, "P");
        clock.advance(Duration.ofDays(-1));
        assertThat(box.claims().capDueTimes(port -> Duration.ofMinutes(5))).isEqualTo(2);
        assertThat(row(waiting).dueAt()).isEqualTo(clock.instant());
        assertThat(row(retrying).dueAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
        assertThat(box.claims().claim("P", "i", 5)).extracting(MessageRow::id).containsExactly(waiting.id());
    }

    @Test
    void refusesNewWorkFromAnOldProgramButRecordsItsResults() throws Exception {
        TestBox.submit(box, clock, "P");
        TestBox.submit(box, clock, "P");
        MessageRow row = claimed("i");
        Delivery delivery = TestBox.delivery(row, "a@customer.example");
        int no = TestBox.start(box, row, delivery, "i", true);
        box.store().change(transaction -> transaction.handle().execute("UPDATE store_state SET min_program = 99"));
        assertThatThrownBy(() -> TestBox.submit(box, clock, "P"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("upgraded by a newer program");
        assertThatThrownBy(() -> box.claims().claim("P", "i", 1)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> box.instances().started("H@new", "H")).isInstanceOf(StoreException.class);
        assertThat(box.store().state().refusesNewWork()).isPresent();
        assertThat(box.attempts()
                        .settle(
                                row,
                                delivery,
                                no,
                                "i",
                                TestBox.result(delivery, Outcome.ACCEPTED),
                                Optional.of(all ->
                                        Decision.after(all, RetryRule.DEFAULT, 1, row.submittedAt(), clock.instant()))))
                .as("what was sent is recorded")
                .isPresent();
    }

    @Test
    void writesNothingIntoTablesOfANewerProgram() {
        box.store().change(transaction -> transaction.handle().execute("UPDATE store_state SET schema_version = 99"));
        assertThatThrownBy(() -> box.store().change(transaction -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("schema version 99");
    }

    @Test
    void rollsBackAFailedWriteIncludingItsPendingChanges() {
        assertThatThrownBy(() -> box.store().change(transaction -> {
                    transaction.sql().change("INSERT INTO dedupe (port, key, id, until) VALUES ('P', 'k', 'i', 1)");
                    throw new IllegalStateException("of the write's own");
                }))
                .hasMessageContaining("of the write's own");
        box.store().change(transaction -> {});
        assertThat(dedupeKeys()).isZero();
    }

    @Test
    void flushesPendingChangesBeforeAQuery() {
        Long seen = box.store().write(transaction -> {
            transaction.sql().change("INSERT INTO dedupe (port, key, id, until) VALUES ('P', 'k', 'i', 1)");
            transaction.sql().change("INSERT INTO dedupe (port, key, id, until) VALUES ('P', 'l', 'i', 1)");
            return transaction
                    .handle()
                    .createQuery("SELECT count(*) FROM dedupe")
                    .mapTo(Long.class)
                    .one();
        });
        assertThat(seen).isEqualTo(2);
        assertThat(dedupeKeys()).isEqualTo(2);
    }

    @Test
    void failsAWriteThatDoesNotChangeExactlyOneRow() {
        assertThatThrownBy(() -> box.store().change(transaction -> transaction
                        .sql()
                        .changeOne(
                                () -> new IllegalStateException("not one"), "DELETE FROM dedupe WHERE port = ?", "P")))
                .hasMessageContaining("not one");
    }

    @Test
    void bindsADedupeKeyToItsSubmitterAndContent() throws Exception {
        Body body = Body.of("x", StandardCharsets.UTF_8);
        Receipt first = TestBox.submit(box, clock, "P", body, Optional.of("k"));
        NewMessage again = TestBox.message(clock, "P", body, Optional.of("k"));
        assertThat(box.inbox().put(again).id()).isEqualTo(first.id());
        NewMessage others = new NewMessage(
                again.id(),
                again.port(),
                again.host(),
                again.application(),
                again.submittedAt(),
                again.context(),
                again.parts(),
                again.dedupeKey(),
                "somebody else",
                again.audited(),
                again.sourceId());
        assertThat(box.inbox().put(others).duplicate()).isFalse();
        assertThatThrownBy(
                        () -> TestBox.submit(box, clock, "P", Body.of("y", StandardCharsets.UTF_8), Optional.of("k")))
                .isInstanceOf(KeyTakenException.class)
                .hasMessageContaining(first.id().value());
        assertThat(box.queries().list(MessageFilter.all(), Optional.empty())).hasSize(2);
    }

    @Test
    void aDedupeKeyOfAnEarlierVersionAppliesToAllSubmitters() {
        TestBox.submit(box, clock, "P");
        String id = box.queries()
                .list(MessageFilter.all(), Optional.empty())
                .get(0)
                .id()
                .value();
        box.store().change(transaction -> transaction
                .handle()
                .execute(
                        "INSERT INTO dedupe (port, key, id, until) VALUES ('P', 'k', ?, ?)",
                        id,
                        clock.millis() + 1_000));
        assertThat(TestBox.submit(box, clock, "P", Body.of("z", StandardCharsets.UTF_8), Optional.of("k"))
                        .id()
                        .value())
                .isEqualTo(id);
    }

    private long dedupeKeys() {
        return box.store().read(handle -> handle.createQuery("SELECT count(*) FROM dedupe")
                .mapTo(Long.class)
                .one());
    }

    @Test
    void refusesToLoadContentThatWasTamperedWith() throws Exception {
        byte[] large = new byte[3_000_000];
        Receipt small = TestBox.submit(box, clock, "P");
        Receipt chunked = TestBox.submit(box, clock, "P", Body.of(large), Optional.empty());
        Receipt addressed = TestBox.submit(box, clock, "P");
        Receipt shortened = TestBox.submit(box, clock, "P", Body.of(large), Optional.empty());
        tamper("UPDATE part SET body = ? WHERE message_seq = ?", new byte[] {'h', 'e', 'l', 'l', 'a'}, row(small));
        tamper(
                "UPDATE body_chunk SET bytes = ? WHERE no = 2 AND body_id = (SELECT body_id FROM part WHERE message_seq = ?)",
                new byte[512 * 1024 - 1],
                row(chunked));
        tamper("UPDATE message SET context = ? WHERE seq = ?", "{\"To\":\"evil@in.example\"}", row(addressed));
        tamper(
                "DELETE FROM body_chunk WHERE no > ? AND body_id = (SELECT body_id FROM part WHERE message_seq = ?)",
                1,
                row(shortened));
        assertThatThrownBy(() -> box.inbox().load(row(small))).isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> box.inbox().load(row(addressed))).isInstanceOf(DamagedException.class);
        for (Receipt each : List.of(chunked, shortened)) {
            Body body = box.inbox().load(row(each)).parts().get(0).body();
            assertThatThrownBy(() -> {
                        try (InputStream in = body.open()) {
                            in.readAllBytes();
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("differs from what was submitted");
        }
    }

    private void tamper(String sql, Object value, MessageRow row) {
        box.store().change(transaction -> assertThat(transaction.handle().execute(sql, value, row.seq()))
                .isPositive());
    }

    @Test
    void readsBackALargeBodyUnchanged() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(7).nextBytes(large);
        Receipt receipt = TestBox.submit(box, clock, "P", Body.of(large), Optional.empty());
        assertThat(box.inbox().load(row(receipt)).bodyPart().body().open().readAllBytes())
                .isEqualTo(large);
        assertThat(row(receipt).size()).isEqualTo(large.length);
    }

    @Test
    void remembersADedupeKeyForAsLongAsConfigured() {
        Body body = Body.of(new byte[] {1});
        Receipt first = TestBox.submit(box, clock, "P", body, Optional.of("k"));
        Receipt second = TestBox.submit(box, clock, "P", body, Optional.of("k"));
        assertThat(second.duplicate()).isTrue();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(TestBox.submit(box, clock, "Q", body, Optional.of("k")).duplicate())
                .as("another port")
                .isFalse();
        clock.advance(Duration.ofDays(8));
        assertThat(TestBox.submit(box, clock, "P", body, Optional.of("k")).duplicate())
                .isFalse();
    }

    @Test
    void givesEachMessageToOneInstanceOnly() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> submits = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            submits.add(threads.submit(() -> TestBox.submit(box, clock, "P")));
        }
        for (Future<?> each : submits) {
            each.get();
        }
        Set<String> taken = new ConcurrentSkipListSet<>();
        List<Future<?>> claims = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String instance = "i" + i;
            claims.add(threads.submit(() -> box.claims()
                    .claim("P", instance, 7)
                    .forEach(row -> assertThat(taken.add(row.id().value())).isTrue())));
        }
        for (Future<?> each : claims) {
            each.get();
        }
        threads.shutdown();
        assertThat(taken).hasSize(200);
    }

    @Test
    void retriesOnlyWhenDueAndDeletesTheBodyWhenDone() throws Exception {
        Receipt receipt = TestBox.submit(box, clock, "P");
        attempt(claimed("i"), Outcome.DEFERRED, RetryRule.DEFAULT, true);
        assertThat(row(receipt).state()).isEqualTo(MessageState.RETRYING);
        assertThat(box.claims().claim("P", "i", 1)).isEmpty();
        clock.advance(Duration.ofMinutes(5));
        attempt(claimed("i"), Outcome.ACCEPTED, RetryRule.DEFAULT, false);
        assertThat(row(receipt).state()).isEqualTo(MessageState.DONE);
        MessageRow done = row(receipt);
        assertThatThrownBy(() -> box.inbox().load(done)).hasMessageContaining("deleted");
    }

    @Test
    void retriesOnlyRecipientsThatWereNotAccepted() throws Exception {
        TestBox.submit(box, clock, "P");
        MessageRow row = claimed("i");
        Delivery delivery = TestBox.delivery(row, "a@customer.example", "b@customer.example");
        int no = TestBox.start(box, row, delivery, "i", true);
        var mixed = DeliveryResult.of(List.of(
                TestBox.result(TestBox.delivery(row, "a@customer.example"), Outcome.ACCEPTED)
                        .recipients()
                        .get(0),
                TestBox.result(TestBox.delivery(row, "b@customer.example"), Outcome.DEFERRED)
                        .recipients()
                        .get(0)));
        box.attempts()
                .settle(
                        row,
                        delivery,
                        no,
                        "i",
                        mixed,
                        Optional.of(
                                all -> Decision.after(all, RetryRule.DEFAULT, 1, row.submittedAt(), clock.instant())));
        assertThat(box.attempts().deliveries(row).get(0).open()).hasToString("[b@customer.example]");
    }

    /** It was not offered to them, so nothing of it is in doubt. */
    @Test
    void keepsARecipientRefusedWhenAnAttemptForOthersIsInDoubt() throws Exception {
        TestBox.submit(box, clock, "P");
        MessageRow row = claimed("i");
        Delivery delivery = TestBox.delivery(row, "refused@customer.example", "later@customer.example");
        int no = TestBox.start(box, row, delivery, "i", true);
        List<RecipientResult> mixed = new ArrayList<>();
        mixed.addAll(TestBox.result(TestBox.delivery(row, "refused@customer.example"), Outcome.REFUSED)
                .recipients());
        mixed.addAll(TestBox.result(TestBox.delivery(row, "later@customer.example"), Outcome.DEFERRED)
                .recipients());
        RetryRule atOnce = new RetryRule(3, Duration.ZERO, 1, Optional.empty(), Optional.empty(), false);
        box.attempts()
                .settle(
                        row,
                        delivery,
                        no,
                        "i",
                        DeliveryResult.of(mixed),
                        Optional.of(all -> Decision.after(all, atOnce, 1, row.submittedAt(), clock.instant())));
        MessageRow again = claimed("dead");
        assertThat(box.attempts().deliveries(again).get(0).open()).hasToString("[later@customer.example]");
        TestBox.start(box, again, TestBox.delivery(again, "later@customer.example"), "dead", false);
        TestBox.bury(box, "dead");
        assertThat(box.claims().takeOver(port -> Terms.DEFAULT)).hasSize(1);
        assertThat(box.attempts().deliveries(again).get(0).recipients())
                .extracting(RecipientResult::outcome)
                .containsExactly(Outcome.REFUSED, Outcome.IN_DOUBT);
        List<String> doubtful = new ArrayList<>();
        box.ledger()
                .read(
                        AuditFilter.all().with("kind", "IN_DOUBT"),
                        each -> doubtful.add(each.secret().get("recipients").toString()));
        assertThat(doubtful).containsExactly("[{address=later@customer.example}]");
    }

    @Test
    void recordsAttemptsInProgressAsInDoubtWhenTheirInstanceDies() throws Exception {
        Receipt merelyClaimed = TestBox.submit(box, clock, "P");
        Receipt underWay = TestBox.submit(box, clock, "P");
        MessageRow first = claimed("dead");
        MessageRow second = claimed("dead");
        assertThat(first.id()).isEqualTo(merelyClaimed.id());
        TestBox.start(box, second, TestBox.delivery(second, "a@customer.example"), "dead", true);
        TestBox.bury(box, "dead");
        assertThat(box.claims().takeOver(port -> Terms.DEFAULT)).hasSize(2);
        assertThat(row(merelyClaimed).state()).isEqualTo(MessageState.WAITING);
        assertThat(row(merelyClaimed).attempts()).isZero();
        assertThat(row(underWay).state()).isEqualTo(MessageState.RETRYING);
        List<String> kinds = new ArrayList<>();
        box.ledger().read(AuditFilter.ofMessage(underWay.id().value()), each -> kinds.add(each.header("kind")));
        assertThat(kinds).containsExactly("SUBMITTED", "ATTEMPT_STARTED", "IN_DOUBT");
    }

    /** The row as it was claimed knows nothing yet of what the attempt sent. */
    @Test
    void namesTheMessageIdOfTheAttemptThatIsInDoubt() throws Exception {
        TestBox.submit(box, clock, "P");
        MessageRow row = claimed("i");
        assertThat(row.mimeMessageId()).as("the row as it was claimed").isEmpty();
        Delivery delivery = TestBox.delivery(row, "a@customer.example");
        TestBox.start(box, row, delivery, "i", true);
        box.claims().abandon(row, "i", Terms.DEFAULT);
        List<String> ids = new ArrayList<>();
        box.ledger()
                .read(
                        AuditFilter.ofMessage(row.id().value()).with("kind", "IN_DOUBT"),
                        each -> ids.add(each.detail("mimeMessageId")));
        assertThat(ids).containsExactly(delivery.mimeMessageId());
    }

    /** The digest on the row has no key: whoever changes the content can make it agree. The ledger's cannot be made to. */
    @Test
    void refusesToLoadContentThatContradictsTheLedger() {
        Receipt changed = TestBox.submit(box, clock, "P");
        Receipt swapped = TestBox.submit(box, clock, "P");
        String original = digestOf(changed);
        String context = "{\"To\":\"evil@in.example\"}";
        ContentDigest digest = new ContentDigest(context);
        digest.add("body", "text/plain", "{}", sha256OfHello(changed));
        tamper("UPDATE message SET context = ? WHERE seq = ?", context, row(changed));
        tamper("UPDATE message SET digest = ? WHERE seq = ?", digest.hex(), row(changed));
        tamper("UPDATE message SET ledger_seq = ? WHERE seq = ?", 1L, row(swapped));

        assertThatThrownBy(() -> box.inbox().load(row(changed)))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("audit ledger");
        assertThatThrownBy(() -> box.inbox().load(row(swapped)))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("audit ledger");
        tamper("UPDATE message SET digest = ? WHERE seq = ?", original, row(changed));
        tamper("UPDATE message SET ledger_seq = ? WHERE seq = ?", 2L, row(swapped));
    }

    private String digestOf(Receipt receipt) {
        return box.store().read(handle -> handle.createQuery("SELECT digest FROM message WHERE seq = ?")
                .bind(0, row(receipt).seq())
                .mapTo(String.class)
                .one());
    }

    private String sha256OfHello(Receipt receipt) {
        return box.store().read(handle -> handle.createQuery("SELECT sha256 FROM part WHERE message_seq = ?")
                .bind(0, row(receipt).seq())
                .mapTo(String.class)
                .one());
    }

    @Test
    void refusesToRetryADeliveryThatContradictsTheLedger() throws Exception {
        TestBox.submit(box, clock, "P");
        MessageRow row = claimed("i");
        attempt(row, Outcome.DEFERRED, RetryRule.DEFAULT, true);
        assertThat(box.attempts().toRetry(row)).hasSize(1);

        tamper("UPDATE delivery SET sha256 = ? WHERE message_seq = ?", "cd".repeat(32), row);
        assertThatThrownBy(() -> box.attempts().toRetry(row)).isInstanceOf(DamagedException.class);
        tamper("UPDATE delivery SET sha256 = ? WHERE message_seq = ?", "ab".repeat(32), row);
        assertThat(box.attempts().toRetry(row)).hasSize(1);
        tamper(
                "UPDATE delivery SET recipients = replace(recipients, 'customer', ?) WHERE message_seq = ?",
                "attacker",
                row);
        assertThatThrownBy(() -> box.attempts().toRetry(row))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("audit ledger");
        tamper(
                "UPDATE delivery SET recipients = replace(recipients, 'DEFERRED', ?) WHERE message_seq = ?",
                "REFUSED",
                row);
        assertThatThrownBy(() -> box.attempts().toRetry(row))
                .as("it is offered to those who refused it when nobody else is left")
                .isInstanceOf(DamagedException.class);
    }

    @Test
    void verifiesAnUnattemptedDeliveryAgainstTheLedger() throws Exception {
        TestBox.submit(box, clock, "P");
        MessageRow row = claimed("i");
        Delivery first = TestBox.delivery(row, "a@customer.example");
        Delivery second = new Delivery(
                row.id(),
                2,
                Optional.empty(),
                TestBox.delivery(row, "b@customer.example").recipients(),
                first.handling(),
                first.mail(),
                first.transparency(),
                first.sha256(),
                first.mimeMessageId());
        box.attempts()
                .start(new Attempts.Start(
                        row, first, List.of(first, second), false, "i", java.util.Map.of(), "[]", true));
        assertThat(box.attempts().toRetry(row)).hasSize(2);
        tamper(
                "UPDATE delivery SET recipients = replace(recipients, 'b@', ?) WHERE no = 2 AND message_seq = ?",
                "c@",
                row);
        assertThatThrownBy(() -> box.attempts().toRetry(row)).isInstanceOf(DamagedException.class);
    }

    @Test
    void keepsAMessageInDoubtUntilAnOperatorResolvesIt() throws Exception {
        RetryRule hold = new RetryRule(3, Duration.ofMinutes(5), 1, Optional.empty(), Optional.empty(), true);
        Receipt receipt = TestBox.submit(box, clock, "P");
        attempt(claimed("i"), Outcome.IN_DOUBT, hold, true);
        assertThat(row(receipt).state()).isEqualTo(MessageState.IN_DOUBT);
        assertThat(box.acts().act(MessageAct.RESOLVE, row(receipt), new Actor("me", "seen in the relay's log")))
                .isEmpty();
        assertThat(row(receipt).state()).isEqualTo(MessageState.DONE);
    }

    @Test
    void refusesToStartAnAttemptAfterItsClaimWasReleased() throws Exception {
        TestBox.submit(box, clock, "P");
        MessageRow row = claimed("i");
        box.claims().release(List.of(row), "i", Duration.ZERO);
        assertThatThrownBy(() -> TestBox.start(box, row, TestBox.delivery(row, "a@customer.example"), "i", true))
                .isInstanceOf(Attempts.LeaseLostException.class);
    }

    @Test
    void letsOperatorsSuspendResumeAndTerminate() {
        Receipt receipt = TestBox.submit(box, clock, "P");
        Actor me = new Actor("me@here", "test");
        assertThat(box.acts().act(MessageAct.SUSPEND, row(receipt), me)).isEmpty();
        assertThat(box.claims().claim("P", "i", 1)).isEmpty();
        assertThat(box.acts().act(MessageAct.RESUME, row(receipt), me)).isEmpty();
        assertThat(box.acts().act(MessageAct.TERMINATE, row(receipt), me)).isEmpty();
        assertThat(box.acts().act(MessageAct.RESUME, row(receipt), me))
                .hasValueSatisfying(why -> assertThat(why).contains("is terminated"));
        List<String> acts = new ArrayList<>();
        box.ledger()
                .read(
                        AuditFilter.ofMessage(receipt.id().value()),
                        each -> acts.add(each.header("kind") + " " + each.detail("actor")));
        assertThat(acts)
                .containsExactly("SUBMITTED test", "SUSPENDED me@here", "RESUMED me@here", "TERMINATED me@here");
    }

    @Test
    void aDeclaredLossKeepsTheReasonOfAnEarlierSuspension() {
        Receipt suspended = TestBox.submit(box, clock, "P");
        box.attempts()
                .suspend(claimed("i"), "i", new io.sendport.host.decide.NextAction.Suspend("refused", false), "[]", "");
        Receipt waiting = TestBox.submit(box, clock, "P");
        box.losses().declare("test", io.sendport.host.ledger.Lane.Losing.NONE);
        assertThat(row(suspended).state()).isEqualTo(MessageState.IN_DOUBT);
        assertThat(row(suspended).lastError()).contains("lost acknowledged commits", "it was suspended: refused");
        assertThat(row(waiting).state()).isEqualTo(MessageState.IN_DOUBT);
        assertThat(row(waiting).lastError()).doesNotContain("suspended");
    }

    @Test
    void refusesToReassembleAMessageThatItsPortHasPassed() {
        Receipt receipt = TestBox.submit(box, clock, "P");
        box.attempts()
                .suspend(claimed("i"), "i", new io.sendport.host.decide.NextAction.Suspend("refused", false), "[]", "");
        assertThat(box.acts().act(MessageAct.REASSEMBLE, row(receipt), new Actor("me@here", "test")))
                .hasValueSatisfying(why -> assertThat(why).contains("has gone on to later messages"));
    }

    @Test
    void failsOnlyTheFaultyWritesOfAGroupCommit() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> writes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean bad = i % 10 == 3;
            writes.add(threads.submit(() -> {
                if (bad) {
                    box.store()
                            .change(transaction ->
                                    transaction.handle().execute("INSERT INTO no_such_table VALUES (1)"));
                } else {
                    TestBox.submit(box, clock, "P");
                }
            }));
        }
        int failed = 0;
        for (Future<?> each : writes) {
            try {
                each.get();
            } catch (java.util.concurrent.ExecutionException e) {
                assertThat(e).hasRootCauseInstanceOf(java.sql.SQLException.class);
                failed++;
            }
        }
        threads.shutdown();
        assertThat(failed).isEqualTo(4);
        assertThat(box.queries().list(MessageFilter.all(), Optional.empty())).hasSize(36);
    }

    @Test
    void keepsPortStatesAcrossARestart() {
        box.ports().initialize("P", PortState.STARTED);
        box.ports().set("P", PortState.STOPPED, new Actor("me", "maintenance"));
        box.close();
        box = TestBox.open(settings, clock);
        box.ports().initialize("P", PortState.STARTED);
        assertThat(box.ports().of("P")).contains(PortState.STOPPED);
    }

    @Test
    void sharesItsStoreWithAnotherMessageBox() {
        try (MessageBox other = TestBox.open(settings, clock)) {
            for (int i = 0; i < 20; i++) {
                TestBox.submit(i % 2 == 0 ? box : other, clock, "P");
            }
            assertThat(box.queries().list(MessageFilter.all(), Optional.empty()))
                    .hasSize(20);
        }
    }

    @Test
    void refusesAStoreThatANewerProgramWrote() throws Exception {
        box.store().change(transaction -> transaction
                .handle()
                .execute(
                        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by, execution_time, success) VALUES (99, '99', 'x', 'SQL', 'x', 'x', 1, ?)",
                        true));
        assertThatThrownBy(() -> TestBox.open(settings, clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("schema version 99");
    }

    @Test
    void createsNoStoreWhenOpenedForReading() {
        MessageBoxSettings none = settings(folder.resolve("empty"));
        assertThatThrownBy(() -> MessageBox.open(none, Access.READ, clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("`sendport run`");
        assertThatThrownBy(() -> MessageBox.open(none, Access.READ, clock))
                .as("it was not made meanwhile")
                .isInstanceOf(StoreException.class);
    }

    @Test
    void deletesMessagesAfterTheirRetention() throws Exception {
        TestBox.submit(box, clock, "P");
        attempt(claimed("i"), Outcome.ACCEPTED, RetryRule.DEFAULT, true);
        clock.advance(Duration.ofDays(31));
        box.upkeep().run();
        assertThat(box.queries().list(MessageFilter.all(), Optional.empty())).isEmpty();
    }

    @Test
    void declaresOnlyInstancesWithAnExpiredLeaseDead() throws Exception {
        box.instances().started("H@one", "H");
        TestBox.submit(box, clock, "P");
        MessageRow row = claimed("H@one");
        clock.advance(Duration.ofSeconds(20));
        box.instances().started("H@two", "H");
        assertThat(box.instances().declareLapsedDead(Set.of())).isEmpty();
        clock.advance(Duration.ofSeconds(11));
        assertThat(box.instances().declareLapsedDead(Set.of("H@one")))
                .as("who asks, lives")
                .isEmpty();
        assertThat(box.instances().declareLapsedDead(Set.of())).containsExactly("H@one");
        assertThat(box.instances().renew("H@one")).as("it learns of it").isFalse();
        assertThat(box.instances().renew("H@two")).isTrue();
        assertThat(box.instances().alive()).extracting(Instances.Instance::id).containsExactly("H@two");
        assertThat(box.claims().takeOver(any -> Terms.DEFAULT)).hasSize(1);
        assertThat(box.claims().takeOver(any -> Terms.DEFAULT)).as("once only").isEmpty();
        assertThatThrownBy(() -> TestBox.start(box, row, TestBox.delivery(row, "a@customer.example"), "H@one", true))
                .isInstanceOf(Attempts.LeaseLostException.class);
    }

    @Test
    void enforcesARateLimitOverASlidingWindow() {
        Rates rates = box.rates();
        Duration minute = Duration.ofMinutes(1);
        assertThat(rates.take("r", 2, minute, clock.instant())).isEmpty();
        clock.advance(Duration.ofSeconds(20));
        assertThat(rates.take("r", 2, minute, clock.instant())).isEmpty();
        assertThat(rates.take("r", 2, minute, clock.instant()))
                .as("room when the first is a minute old")
                .contains(clock.instant().plusSeconds(40));
        assertThat(rates.take("other", 2, minute, clock.instant())).isEmpty();
        rates.giveBack("r", clock.instant());
        assertThat(rates.fullUntil("r", 2, minute, clock.instant())).isEmpty();
        assertThat(rates.take("r", 2, minute, clock.instant())).isEmpty();
        clock.advance(Duration.ofSeconds(40));
        assertThat(rates.take("r", 2, minute, clock.instant())).isEmpty();
    }

    @Test
    void passesAReloadRequestToItsInstanceAndReturnsTheAnswer() {
        Reloads reloads = box.reloads();
        long wish = reloads.ask("H@one", true, new Actor("me", "new certificate"));
        assertThat(reloads.asked("H@two")).isEmpty();
        Reloads.Request asked = reloads.asked("H@one").get(0);
        assertThat(asked.dry()).isTrue();
        assertThat(asked.actor()).isEqualTo(new Actor("me", "new certificate"));
        assertThat(reloads.answerTo(wish)).isEmpty();
        reloads.answer(asked, new Reloads.Answer(true, "the configuration is unchanged"));
        assertThat(reloads.answerTo(wish)).contains(new Reloads.Answer(true, "the configuration is unchanged"));
        assertThat(reloads.asked("H@one")).isEmpty();
    }

    @Test
    void keepsLogLevelsUntilTheyExpire() {
        Actor me = new Actor("me", "relay");
        Instant until = clock.instant().plusSeconds(60);
        box.instances().started("H@one", "H");
        box.logLevels().set(new LogLevels.Setting("io.sendport", LogLevel.INFO, until, me));
        box.logLevels().set(new LogLevels.Setting("io.sendport", LogLevel.DEBUG, until, me));
        assertThat(box.logLevels().list())
                .containsExactly(new LogLevels.Setting("io.sendport", LogLevel.DEBUG, until, me));
        assertThat(box.logLevels().applied()).containsEntry("H@one", Optional.empty());
        box.logLevels().applied("H@one", box.logLevels().levels());
        assertThat(box.logLevels().applied()).containsEntry("H@one", Optional.of("io.sendport=DEBUG"));
        clock.advance(Duration.ofSeconds(60));
        assertThat(box.logLevels().list()).isEmpty();
    }

    @Test
    void forcesOneMessageOfAStoppedPortOnce() {
        box.ports().initialize("P", PortState.STOPPED);
        TestBox.submit(box, clock, "P");
        Receipt second = TestBox.submit(box, clock, "P");
        assertThat(box.claims().forced()).isEmpty();
        assertThat(box.acts().act(MessageAct.FORCE, row(second), new Actor("me", "now")))
                .isEmpty();
        assertThat(box.claims().forced()).containsExactly("P");
        List<MessageRow> forced = box.claims().claimForced("P", "i", 10, true);
        assertThat(forced).extracting(MessageRow::id).containsExactly(second.id());
        box.attempts()
                .suspend(
                        forced.get(0), "i", new io.sendport.host.decide.NextAction.Suspend("no certificate"), "[]", "");
        assertThat(box.claims().forced()).as("it was tried").isEmpty();
        assertThat(box.acts().act(MessageAct.FORCE, row(second), new Actor("me", "")))
                .isEmpty();
        TestBox.submit(box, clock, "P");
        assertThat(box.claims().claim("P", "i", 1))
                .as("nothing else is claimed while a port is stopped")
                .isEmpty();
        box.ports().set("P", PortState.STARTED, new Actor("me", ""));
        assertThat(box.claims().claim("P", "i", 1)).hasSize(1);
        assertThat(box.claims().claimForced("P", "i", 10, true))
                .as("one is under way at a port that keeps the order")
                .isEmpty();
        assertThat(box.claims().claimForced("P", "i", 10, false)).hasSize(1);
    }

    @Test
    void keepsBodiesForTheConfiguredTime() throws Exception {
        MessageBoxSettings given = settings(folder.resolve("keeping"));
        MessageBoxSettings keeping = new MessageBoxSettings(
                given.url(),
                given.sqliteFile(),
                given.place(),
                given.user(),
                given.password(),
                given.dedupeFor(),
                given.lease(),
                Duration.ofDays(2),
                given.keepMessages(),
                given.keepAudit(),
                given.maxBytes(),
                given.minFree(),
                false,
                given.bodyKey());
        box.close();
        box = TestBox.open(keeping, clock);
        settings = keeping;
        Receipt receipt = TestBox.submit(box, clock, "P");
        attempt(claimed("i"), Outcome.ACCEPTED, RetryRule.DEFAULT, true);
        clock.advance(Duration.ofDays(1));
        box.upkeep().run();
        assertThat(box.inbox().load(row(receipt)).parts()).hasSize(1);
        clock.advance(Duration.ofDays(2));
        box.upkeep().run();
        assertThatThrownBy(() -> box.inbox().load(row(receipt))).hasMessageContaining("its content was deleted");
        assertThat(row(receipt).state()).isEqualTo(MessageState.DONE);
    }

    /** The ports of a configuration that the test writes. */
    private Routing routing(String ports) throws IOException {
        Path file = folder.resolve("ports.xml");
        Files.writeString(file, "<sendport xmlns='urn:sendport:config:1'><host name='H'/>" + ports + "</sendport>");
        return new ConfigurationReader(new NoPlaceholders()).readRouting(file);
    }

    /** These tests run without Camel too. */
    private static final class NoPlaceholders implements Placeholders {

        @Override
        public void define(Map<String, String> properties) {
            assertThat(properties).isEmpty();
        }

        @Override
        public String resolve(String text, Path at) {
            return text;
        }
    }

    private Receipt sent(String port) throws Exception {
        Receipt receipt = TestBox.submit(box, clock, port, Body.of("x", StandardCharsets.UTF_8), Optional.of("key"));
        attempt(box.claims().claim(port, "i", 1).get(0), Outcome.ACCEPTED, RetryRule.DEFAULT, true);
        return receipt;
    }

    private boolean exists(Receipt receipt) {
        return !box.queries().byPrefix(receipt.id().value()).isEmpty();
    }

    @Test
    void appliesTheRetentionOfEachPort() throws Exception {
        Routing routing = routing("""
                <sendPort name='Long' host='H'><retention bodies='P5D' messages='P90D' dedupeFor='P20D'/></sendPort>
                <sendPort name='Short' host='H'><retention messages='P2D' dedupeFor='PT1H'/></sendPort>
                <sendPort name='Usual' host='H'/>""");
        box.retention().applySettings(routing);
        Receipt kept = sent("Long");
        Receipt gone = sent("Short");
        Receipt usual = sent("Usual");
        clock.advance(Duration.ofDays(3));
        box.upkeep().run();
        assertThat(box.inbox().load(row(kept)).parts()).hasSize(1);
        assertThat(exists(gone)).isFalse();
        assertThat(exists(usual)).isTrue();
        assertThat(dedupeKeys()).as("those of Long and Usual").isEqualTo(2);
        clock.advance(Duration.ofDays(28));
        box.upkeep().run();
        assertThat(exists(usual)).as("30 days, as the message box says").isFalse();
        assertThatThrownBy(() -> box.inbox().load(row(kept))).hasMessageContaining("its content was deleted");
        assertThat(dedupeKeys()).isZero();
        box.retention()
                .applySettings(routing("<sendPort name='Long' host='H'><retention messages='P10D'/></sendPort>"));
        box.upkeep().run();
        assertThat(exists(kept)).as("the new configuration counts at once").isFalse();
    }

    @Test
    void forgetsHourlyCountsAfterFourHundredDays() {
        long now = clock.instant().toEpochMilli() / 3_600_000;
        for (String port : List.of("A", "B", "C")) {
            for (long hour :
                    port.equals("B") ? List.of(now) : List.of(now - 401 * 24, now - 402 * 24, now - 399 * 24)) {
                box.store().change(transaction -> transaction
                        .handle()
                        .execute("INSERT INTO port_hour (port, hour, sent) VALUES (?, ?, 1)", port, hour));
            }
        }
        box.upkeep().run();
        List<String> left = box.store().read(handle -> handle.createQuery("SELECT port FROM port_hour ORDER BY port")
                .mapTo(String.class)
                .list());
        assertThat(left).containsExactly("A", "B", "C");
    }

    @Test
    void keepsWhatIsOnHoldUntilItIsReleased() throws Exception {
        Actor me = new Actor("anna@server1", "case 17");
        Receipt held = TestBox.submit(box, clock, "P");
        Receipt other = TestBox.submit(box, clock, "P");
        assertThat(box.acts().act(MessageAct.RELEASE, row(held), me)).isPresent();
        assertThat(box.acts().act(MessageAct.HOLD, row(held), me)).isEmpty();
        assertThat(row(held).hold()).contains(new Hold(clock.instant(), "anna@server1", "case 17"));
        assertThat(box.acts().act(MessageAct.HOLD, row(held), me))
                .contains("message " + held.id() + ": it is already on hold");
        for (MessageRow row : box.claims().claim("P", "i", 2)) {
            attempt(row, Outcome.ACCEPTED, RetryRule.DEFAULT, true);
        }
        assertThat(row(held).state()).as("it is sent as usual").isEqualTo(MessageState.DONE);
        assertThat(box.inbox().hasContent(row(held))).isTrue();
        assertThat(box.inbox().hasContent(row(other))).isFalse();
        clock.advance(Duration.ofDays(400));
        box.upkeep().run();
        box.upkeep().run();
        assertThat(exists(other)).isFalse();
        assertThat(box.inbox().load(row(held)).parts()).hasSize(1);
        assertThat(box.upkeep().onHoldSince()).contains(row(held).submittedAt());
        assertThat(box.queries().list(heldOnly(), Optional.empty()))
                .extracting(MessageRow::id)
                .containsExactly(held.id());
        assertThat(box.acts().act(MessageAct.RELEASE, row(held), me)).isEmpty();
        assertThat(row(held).hold()).isEmpty();
        assertThat(box.inbox().hasContent(row(held))).as("its period is over").isFalse();
        box.upkeep().run();
        assertThat(exists(held)).as("the search had passed it").isFalse();
        List<String> kinds = new ArrayList<>();
        box.ledger()
                .read(
                        AuditFilter.ofMessage(held.id().value()),
                        each -> kinds.add(
                                each.header("kind") + " " + each.detail("actor") + " " + each.detail("reason")));
        assertThat(kinds).contains("HELD anna@server1 case 17", "RELEASED anna@server1 case 17");
    }

    private static MessageFilter heldOnly() {
        MessageFilter all = MessageFilter.all();
        return new MessageFilter(
                all.ports(),
                all.application(),
                all.states(),
                all.recipient(),
                all.properties(),
                all.error(),
                all.relay(),
                all.since(),
                all.until(),
                true);
    }

    /** Submits {@code count} messages that are to be tried though their port is stopped. */
    void submitForced(int count) {
        for (int i = 0; i < count; i++) {
            TestBox.submit(box, clock, "P");
        }
        box.store().change(transaction -> transaction.handle().execute("UPDATE message SET forced = 1"));
    }

    @Test
    void claimsNoMoreForcedMessagesThanItsLimitWhileOthersClaim() throws Exception {
        submitForced(200);
        int claimers = 8;
        int most = 5;
        Set<String> claimed = new ConcurrentSkipListSet<>();
        ExecutorService threads = Executors.newFixedThreadPool(claimers);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < claimers; i++) {
                String instance = "i" + i;
                all.add(threads.submit(() -> {
                    List<MessageRow> rows = box.claims().claimForced("P", instance, most, false);
                    while (!rows.isEmpty()) {
                        assertThat(rows).hasSizeLessThanOrEqualTo(most);
                        rows.forEach(row -> assertThat(claimed.add(row.id().value()))
                                .as("claimed by nobody else")
                                .isTrue());
                        rows = box.claims().claimForced("P", instance, most, false);
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(claimed).hasSize(200);
    }
}
