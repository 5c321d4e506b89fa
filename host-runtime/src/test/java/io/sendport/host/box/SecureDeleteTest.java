package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.message.Body;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.RetryRule;
import io.sendport.host.Leftovers;
import io.sendport.host.TestBox;
import io.sendport.host.decide.Decision;
import io.sendport.testing.Patience;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a body is let go overwrites it. */
class SecureDeleteTest {

    private static final String SECRET = "IBAN DE02 1203 0000 0000 2020 51";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBox box;

    @BeforeEach
    void open() {
        MessageBoxSettings usual = TestBox.settings(folder);
        box = TestBox.open(
                new MessageBoxSettings(
                        usual.url(),
                        usual.sqliteFile(),
                        usual.place(),
                        usual.user(),
                        usual.password(),
                        usual.dedupeFor(),
                        usual.lease(),
                        usual.keepBodies(),
                        usual.keepMessages(),
                        usual.keepAudit(),
                        usual.maxBytes(),
                        usual.minFree(),
                        true),
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

    /** As an instance renews its lease while nothing else happens. */
    private void requireNothingLeft() throws Exception {
        box.upkeep().run();
        Patience.until("nothing is left", () -> {
            box.store().change(transaction -> transaction.handle().execute("UPDATE store_state SET id = id"));
            return left().isEmpty();
        });
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
        box.attempts()
                .settle(
                        row,
                        delivery,
                        no,
                        "i",
                        TestBox.result(delivery, outcome),
                        Optional.of(
                                all -> Decision.after(all, RetryRule.DEFAULT, 1, row.submittedAt(), clock.instant())));
    }

    @Test
    void whenTheMessageIsDone() throws Exception {
        MessageRow small = submitted(1);
        attempt(small, delivery(small, "a@customer.example", 1), Outcome.ACCEPTED, true);
        MessageRow large = submitted(60_000);
        attempt(large, delivery(large, "a@customer.example", 60_000), Outcome.ACCEPTED, true);
        requireNothingLeft();
    }

    @Test
    void whenAComponentTakesIt() throws Exception {
        box.attempts().consumed(submitted(60_000), "i", "archive", "[]");
        requireNothingLeft();
    }

    @Test
    void whenAPersonEndsIt() throws Exception {
        MessageRow row = submitted(1);
        attempt(row, delivery(row, "a@customer.example", 60_000), Outcome.REFUSED, true);
        MessageRow suspended = box.queries().byPrefix(row.id().value()).get(0);
        assertThat(box.acts().act(MessageAct.TERMINATE, suspended, new Actor("me", "wrong")))
                .isEmpty();
        requireNothingLeft();
    }
}
