package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.host.TestBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.decide.Terms;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The first attempt is in columns of the message until more must be said than they hold, and reads the same in both forms. */
class FirstAttemptTest {

    private static final String RECIPIENT = "a@customer.example";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private MessageBox box;

    @BeforeEach
    void open() {
        box = TestBox.open(folder, clock);
    }

    @AfterEach
    void close() {
        assertThat(TestBox.verify(box, TestBox.settings(folder).place()).fault())
                .isEmpty();
        box.close();
    }

    private MessageRow claimed() {
        TestBox.submit(box, clock, "P");
        return box.claims().claim("P", "i", 1).get(0);
    }

    private MessageRow now(MessageRow row) {
        return box.queries().byPrefix(row.id().value()).get(0);
    }

    private int rows(String table) {
        return box.store().read(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                .mapTo(Integer.class)
                .one());
    }

    private List<Outcome> outcomes(MessageRow row) {
        return box.attempts().deliveries(row).stream()
                .flatMap(each -> each.recipients().stream())
                .map(RecipientResult::outcome)
                .toList();
    }

    @Test
    void hasNoRowsButReadsTheSameWhenItEndsTheMessage() throws Exception {
        MessageRow row = claimed();
        Delivery delivery = TestBox.delivery(row, RECIPIENT);
        int no = TestBox.start(box, row, delivery, "i", true);
        assertThat(no).isEqualTo(1);
        assertThat(outcomes(row)).containsExactly(Outcome.DEFERRED);
        assertThat(box.queries().attempts(row)).singleElement().satisfies(open -> {
            assertThat(open.instance()).isEqualTo("i");
            assertThat(open.endedAt()).isEmpty();
            assertThat(open.result()).isEmpty();
        });
        TestBox.settle(box, clock, row, delivery, no, Outcome.ACCEPTED);
        assertThat(now(row).state()).isEqualTo(MessageState.DONE);
        assertThat(outcomes(row)).containsExactly(Outcome.ACCEPTED);
        assertThat(box.queries().attempts(row)).singleElement().satisfies(ended -> {
            assertThat(ended.delivery()).isEqualTo(1);
            assertThat(ended.no()).isEqualTo(1);
            assertThat(ended.endedAt()).contains(clock.instant());
            assertThat(ended.result().orElseThrow()).contains("relay:25");
        });
        assertThat(rows("attempt") + rows("delivery")).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"DEFERRED", "REFUSED", "IN_DOUBT"})
    void isStoredInRowsWhenItDoesNotEndTheMessage(Outcome outcome) throws Exception {
        MessageRow row = claimed();
        Delivery delivery = TestBox.delivery(row, RECIPIENT);
        TestBox.settle(box, clock, row, delivery, TestBox.start(box, row, delivery, "i", true), outcome);
        assertThat(outcomes(row)).containsExactly(outcome);
        assertThat(box.queries().attempts(row)).hasSize(1);
        assertThat(rows("attempt") + rows("delivery")).isEqualTo(2);
        clock.advance(Duration.ofHours(1));
        if (now(row).state() != MessageState.RETRYING) {
            assertThat(box.acts().act(MessageAct.RESUME, row, new Actor("test", "")))
                    .isEmpty();
        }
        MessageRow again = box.claims().claim("P", "i", 1).get(0);
        int no = TestBox.start(box, again, delivery, "i", false);
        assertThat(no).isEqualTo(2);
        TestBox.settle(box, clock, again, delivery, no, Outcome.ACCEPTED);
        assertThat(outcomes(row)).containsExactly(Outcome.ACCEPTED);
        assertThat(box.queries().attempts(row)).hasSize(2);
    }

    @Test
    void isInDoubtWhenItsInstanceDies() throws Exception {
        MessageRow row = claimed();
        TestBox.start(box, row, TestBox.delivery(row, RECIPIENT), "i", true);
        TestBox.bury(box, "i");
        assertThat(box.claims().takeOver(each -> Terms.DEFAULT))
                .extracting(Claims.Taken::attempted)
                .containsExactly(true);
        assertThat(outcomes(row)).containsExactly(Outcome.IN_DOUBT);
        assertThat(box.queries().attempts(row))
                .singleElement()
                .satisfies(each -> assertThat(each.result().orElseThrow()).contains("IN_DOUBT"));
    }

    @Test
    void aMessageWithTwoDeliveriesHasRowsFromTheStart() throws Exception {
        MessageRow row = claimed();
        Delivery first = TestBox.delivery(row, RECIPIENT);
        Delivery second = new Delivery(
                row.id(),
                2,
                first.sender(),
                List.of(MailAddress.parse("b@customer.example")),
                first.handling(),
                first.mail(),
                first.transparency(),
                first.sha256(),
                first.mimeMessageId());
        box.attempts().start(new Attempts.Start(row, first, List.of(first, second), false, "i", Map.of(), "[]", true));
        assertThat(rows("attempt")).isEqualTo(1);
        assertThat(rows("delivery")).isEqualTo(2);
    }
}
