package io.sendport.host.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomeKind;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outcomes of records that are written directly. */
class OutcomesTest {

    @TempDir
    private Path folder;

    private MessageBox box;
    private Outcomes outcomes;

    @BeforeEach
    void open() throws Exception {
        Path file = Files.writeString(
                folder.resolve("sendport.xml"),
                "<sendport xmlns='urn:sendport:config:1'><messageBox url='jdbc:sqlite:sendport.db'/></sendport>");
        Routing routing = new ConfigurationReader(new CamelPlaceholders()).readRouting(file);
        box = MessageBox.open(routing.messageBox(), Access.CREATE, new SettableClock());
        outcomes = new Outcomes(box);
    }

    @AfterEach
    void close() {
        box.close();
    }

    private static boolean isMine(String port, String submitter) {
        return port.equals("Invoices") && submitter.equals("me");
    }

    private static Entry submitted(MessageId id, String by) {
        return Entry.of(Kind.SUBMITTED)
                .about(id, "Invoices", 1)
                .detail("actor", by)
                .detail("dedupeKey", "key")
                .detail("properties", Map.of("InvoiceNumber", "4711"));
    }

    private static Map<String, String> recipient(int number, String outcome) {
        return Map.of("address", "r" + number + "@customer.example", "outcome", outcome, "reply", "said " + number);
    }

    private static Entry result(Kind kind, MessageId id, List<Map<String, String>> recipients) {
        return Entry.of(kind).about(id, "Invoices", 2).detail("recipients", recipients);
    }

    @Test
    void omitRecipientsThatAreRetried() {
        MessageId id = MessageId.random();
        box.ledger()
                .record(
                        submitted(id, "me"),
                        result(
                                Kind.DEFERRED,
                                id,
                                List.of(recipient(1, "accepted"), recipient(2, "deferred"), recipient(3, "refused"))));
        List<OutcomeEvent> events =
                outcomes.outcomes(OutcomePosition.BEGIN, OutcomesTest::isMine).events();
        assertThat(events).extracting(OutcomeEvent::kind).containsExactly(OutcomeKind.ACCEPTED, OutcomeKind.REFUSED);
        assertThat(events.get(1).recipient()).contains("r3@customer.example");
        assertThat(events.get(1).reply()).isEqualTo("said 3");
        assertThat(events.get(1).dedupeKey()).contains("key");
        assertThat(events.get(1).properties()).isEqualTo(Map.of("InvoiceNumber", "4711"));
        assertThat(events.get(0).position())
                .as("a record is repeated whole")
                .isNotEqualTo(events.get(1).position());
        assertThat(outcomes.outcomes(events.get(0).position(), OutcomesTest::isMine)
                        .events())
                .hasSize(2);
        assertThat(outcomes.outcomes(events.get(1).position(), OutcomesTest::isMine)
                        .events())
                .isEmpty();
    }

    @Test
    void reportAnAttemptAsInDoubtWhenItsProcessDied() {
        MessageId id = MessageId.random();
        box.ledger()
                .record(
                        submitted(id, "me"),
                        Entry.of(Kind.IN_DOUBT)
                                .about(id, "Invoices", 2)
                                .detail("recipients", List.of(Map.of("address", "a@customer.example")))
                                .detail("detail", "the process died"));
        OutcomeEvent event = outcomes.outcomes(OutcomePosition.BEGIN, OutcomesTest::isMine)
                .events()
                .get(0);
        assertThat(event.kind()).isEqualTo(OutcomeKind.IN_DOUBT);
        assertThat(event.recipient()).contains("a@customer.example");
        assertThat(event.reply()).isEqualTo("the process died");
    }

    /** A page that grew with the recipients of its messages would be too large for a client, each time again. */
    @Test
    void endAPageAfterTheRecordThatFillsIt() {
        List<Map<String, String>> recipients = IntStream.range(0, 150)
                .mapToObj(each -> recipient(each, "accepted"))
                .toList();
        for (int i = 0; i < 5; i++) {
            MessageId id = MessageId.random();
            box.ledger().record(submitted(id, "me"), result(Kind.ACCEPTED, id, recipients));
        }
        List<Integer> sizes = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        OutcomePage page = outcomes.outcomes(OutcomePosition.BEGIN, OutcomesTest::isMine);
        while (true) {
            sizes.add(page.events().size());
            page.events().forEach(each -> ids.add(each.id()));
            if (!page.hasMore()) {
                break;
            }
            page = outcomes.outcomes(page.next(), OutcomesTest::isMine);
        }
        assertThat(sizes).containsExactly(300, 300, 150);
        assertThat(ids).doesNotHaveDuplicates().hasSize(750);
    }

    @Test
    void endAPageAfterManyRecordsOfOthers() {
        MessageId id = MessageId.random();
        Entry[] all = new Entry[6_001];
        all[0] = submitted(id, "somebody else");
        for (int i = 1; i < all.length; i++) {
            all[i] = Entry.of(Kind.SUSPENDED).about(id, "Invoices", i + 1).detail("detail", "no");
        }
        box.ledger().record(all);
        MessageId mine = MessageId.random();
        box.ledger().record(submitted(mine, "me"), result(Kind.ACCEPTED, mine, List.of(recipient(1, "accepted"))));
        OutcomePage first = outcomes.outcomes(OutcomePosition.BEGIN, OutcomesTest::isMine);
        assertThat(first.events()).isEmpty();
        assertThat(first.hasMore()).isTrue();
        OutcomePage second = outcomes.outcomes(first.next(), OutcomesTest::isMine);
        assertThat(second.events()).extracting(OutcomeEvent::message).containsExactly(mine);
        assertThat(second.hasMore()).isFalse();
        assertThat(outcomes.outcomes(OutcomePosition.NOW, OutcomesTest::isMine).next())
                .isEqualTo(second.next());
    }
}
