package io.sendport.host.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.MessageId;
import io.sendport.config.port.RetryRule;
import io.sendport.host.ledger.Entries;
import io.sendport.host.ledger.Entry;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.FakeAdapter;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class NextHopTest {

    private static final RetryRule AT_ONCE =
            new RetryRule(3, Duration.ofMillis(5), 1, Optional.empty(), Optional.empty(), false);
    private static final MailAddress A = MailAddress.parse("a@customer.example");
    private static final MailAddress B = MailAddress.parse("b@customer.example");
    private static final String MAIL = "Subject: s\r\n\r\nhello\r\n";

    @TempDir
    private Path place;

    private final MessageId message = MessageId.random();
    private final List<String> register = new CopyOnWriteArrayList<>();
    private final List<String> outcomes = new CopyOnWriteArrayList<>();
    private final Server server = new Server(outcomes);
    private RelayFolder folder;

    @BeforeEach
    void open() throws IOException {
        folder = new RelayFolder(place);
    }

    @AfterEach
    void close() {
        folder.close();
    }

    private NextHop hop() {
        return hop(AT_ONCE);
    }

    private NextHop hop(RetryRule rule) {
        return new NextHop(folder, server, rule, Clock.systemUTC(), this::registered);
    }

    private boolean registered(Optional<MessageId> id, Entry entry) {
        ((List<?>) Entries.details(entry).get("recipients"))
                .forEach(each -> outcomes.add(String.valueOf(((Map<?, ?>) each).get("outcome"))));
        return register.add(id + " " + kind(id));
    }

    private String kind(Optional<MessageId> id) {
        return id.filter(message::equals).isPresent() ? "ours" : "unknown";
    }

    private RelayProgress filed(MailAddress... recipients) throws IOException {
        long no = folder.next();
        Files.writeString(folder.part(no), MAIL);
        folder.file(no, Map.of());
        Instant now = Clock.systemUTC().instant();
        RelayProgress passage = new RelayProgress(
                no,
                Optional.of(A),
                List.of(recipients),
                List.of(),
                Transparency.SEVEN_BIT,
                "<" + message + "@corp.example>",
                "ab".repeat(32),
                now,
                0,
                false,
                now,
                "");
        folder.keep(RelayFolder.WAITING, passage);
        return passage;
    }

    private boolean waits() {
        try {
            return !folder.numbers(RelayFolder.WAITING).isEmpty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<Long> failed() throws IOException {
        return folder.numbers(RelayFolder.FAILED);
    }

    @Test
    void relaysAMailWithATraceFieldAndRemovesIt() throws Exception {
        try (NextHop hop = hop()) {
            hop.add(filed(A, B));
            Patience.until(() -> !waits());
        }
        assertThat(server.mails).singleElement().satisfies(mail -> assertThat(mail)
                .startsWith("Received: from sendport")
                .endsWith(MAIL));
        assertThat(register).singleElement().satisfies(entry -> assertThat(entry)
                .endsWith("ours"));
        assertThat(failed()).isEmpty();
    }

    @Test
    void retriesOnlyRecipientsThatWereNotAccepted() throws Exception {
        server.answers(B, Outcome.DEFERRED, Outcome.ACCEPTED);
        try (NextHop hop = hop()) {
            hop.add(filed(A, B));
            Patience.until(() -> !waits());
        }
        assertThat(server.asked).containsExactly(List.of(A, B), List.of(B));
        assertThat(register).hasSize(2);
    }

    @Test
    void keepsARefusedMailSoThatAnOperatorCanRetryIt() throws Exception {
        server.answers(B, Outcome.REFUSED);
        try (NextHop hop = hop()) {
            RelayProgress passage = filed(A, B);
            hop.add(passage);
            Patience.until(() -> !waits());
            assertThat(failed()).containsExactly(passage.number());
            assertThat(hop.fault()).contains("1 mail could not be passed on");
        }
        Files.move(place.resolve("failed/1.json"), place.resolve("waiting/1.json"));
        try (NextHop hop = hop()) {
            Patience.until(() -> !waits());
            assertThat(hop.fault()).isEmpty();
        }
        assertThat(server.asked).containsExactly(List.of(A, B), List.of(B));
    }

    @Test
    void givesUpAfterTheLastRetryAndRecordsTheReason() throws Exception {
        server.answers(A, Outcome.DEFERRED, Outcome.DEFERRED, Outcome.DEFERRED, Outcome.DEFERRED);
        try (NextHop hop = hop()) {
            hop.add(filed(A));
            Patience.until(() -> !waits());
        }
        assertThat(server.asked).hasSize(4);
        assertThat(Files.readString(place.resolve("failed/1.json")))
                .contains("CONNECT")
                .contains("a@customer.example");
    }

    @Test
    void resumesWaitingMailsAtStartAndRecordsInterruptedAttempts() throws Exception {
        folder.keep(RelayFolder.WAITING, filed(A).begun());
        try (NextHop hop = hop()) {
            Patience.until(() -> !waits());
            assertThat(hop.fault()).isEmpty();
        }
        assertThat(server.asked).containsExactly(List.of(A));
        assertThat(register).hasSize(2);
    }

    /** The next hop may be down for days, and the relay's own answers to the port were all 250. */
    @Test
    void reportsSinceWhenTheNextHopFailsEvenAfterARestart() throws Exception {
        server.answers(A, Outcome.DEFERRED);
        RetryRule later =
                new RetryRule(3, Duration.ofHours(1), 1, Optional.empty(), Optional.of(Duration.ofDays(4)), false);
        RelayProgress passage = filed(A);
        HopFailures first;
        try (NextHop hop = hop(later)) {
            hop.add(passage);
            Patience.until(() -> hop.failures().isPresent());
            first = hop.failures().orElseThrow();
        }
        assertThat(first.count()).isEqualTo(1);
        assertThat(first.waiting()).isEqualTo(1);
        assertThat(first.since()).isAfterOrEqualTo(passage.filedAt());
        assertThat(first.next()).isPresent();
        assertThat(first.why()).contains("CONNECT");
        try (NextHop hop = hop(later)) {
            Patience.until(() -> hop.failures().isPresent());
            assertThat(hop.failures().orElseThrow().count()).isEqualTo(1);
            hop.add(filed(B));
            Patience.until(() -> hop.failures().isEmpty());
        }
    }

    @Test
    void givesUpAMailWhoseFileIsMissing() throws Exception {
        RelayProgress passage = filed(A);
        Files.delete(folder.mail(passage.number()));
        try (NextHop hop = hop()) {
            hop.add(passage);
            Patience.until(() -> !waits());
            assertThat(hop.fault()).contains("1 mail could not be passed on");
        }
        assertThat(failed()).containsExactly(passage.number());
        assertThat(server.asked).isEmpty();
    }

    @Test
    void reportsAnUnreadableFileAndContinuesWithTheOthers() throws Exception {
        Files.writeString(place.resolve("waiting").resolve(folder.next() + ".json"), "{");
        RelayProgress whole = filed(A);
        try (NextHop hop = hop()) {
            Patience.until(() -> !server.asked.isEmpty() && !hop.fault().isEmpty());
            assertThat(hop.fault()).contains("1.json");
        }
        assertThat(folder.numbers(RelayFolder.WAITING)).doesNotContain(whole.number());
    }

    @Test
    void waitsForAConnectionWithoutSpendingRetries() throws Exception {
        server.busy.set(3 * AT_ONCE.count());
        try (NextHop hop = hop()) {
            hop.add(filed(A));
            Patience.until(() -> !waits());
        }
        assertThat(server.mails).hasSize(1);
        assertThat(register).as("waiting is no attempt").hasSize(1);
        assertThat(failed()).isEmpty();
    }

    private void fails(int bytesFirst) throws Exception {
        server.bytesBeforeFailure = bytesFirst;
        server.failures.set(1 + AT_ONCE.count());
        try (NextHop hop = hop()) {
            hop.add(filed(A));
            Patience.until(() -> !waits());
        }
    }

    /** ADR 6 holds here too: nobody knows how far the mail had come, and the next try may be a second copy. */
    @Test
    void recordsInDoubtBeforeARetryWhenTheAdapterFailsDuringTheMail() throws Exception {
        fails(1);
        assertThat(server.seen).as("records before each try").startsWith(List.of(), List.of("inDoubt"));
        assertThat(Files.readString(place.resolve("failed/1.json")))
                .contains("the adapter failed: java.io.IOException: broken after 1 bytes");
    }

    /** What was not read cannot have been handed over. */
    @Test
    void recordsDeferredWhenTheAdapterFailsBeforeTheMail() throws Exception {
        fails(0);
        assertThat(server.seen).as("records before each try").startsWith(List.of(), List.of("deferred"));
    }

    @Test
    void rejectsAFolderThatAnotherRelayUses() {
        assertThatThrownBy(() -> new RelayFolder(place))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("another embedded relay uses the folder " + place);
    }

    /** Takes everything, or answers as told. */
    private static final class Server extends FakeAdapter {
        private final List<String> mails = new CopyOnWriteArrayList<>();
        private final List<List<MailAddress>> asked = new CopyOnWriteArrayList<>();
        private final List<Outcome> answers = new ArrayList<>();
        private final AtomicInteger busy = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private final List<List<String>> seen = new CopyOnWriteArrayList<>();
        private final List<String> outcomes;
        private volatile int bytesBeforeFailure;
        private MailAddress concerned = A;

        Server(List<String> outcomes) {
            this.outcomes = outcomes;
        }

        void answers(MailAddress address, Outcome... outcomes) {
            concerned = address;
            answers.addAll(List.of(outcomes));
        }

        @Override
        public Connecting connect() {
            return busy.getAndDecrement() > 0 ? new Connecting.Busy("all in use") : super.connect();
        }

        @Override
        public synchronized DeliveryResult send(Delivery delivery, Lease lease) throws IOException {
            if (failures.getAndDecrement() > 0) {
                seen.add(List.copyOf(outcomes));
                try (var in = delivery.mail().open()) {
                    in.readNBytes(bytesBeforeFailure);
                }
                throw new IOException("broken after " + bytesBeforeFailure + " bytes");
            }
            asked.add(delivery.recipients());
            try (var in = delivery.mail().open()) {
                mails.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            List<RecipientResult> results = new ArrayList<>();
            for (MailAddress each : delivery.recipients()) {
                Outcome outcome = each.equals(concerned) && !answers.isEmpty() ? answers.remove(0) : Outcome.ACCEPTED;
                Handover handover = outcome == Outcome.ACCEPTED ? Handover.HANDED_OVER : Handover.NOT_HANDED_OVER;
                results.add(new RecipientResult(each, outcome, handover, "as told", Facts.of(Facts.PHASE, "CONNECT")));
            }
            return DeliveryResult.of(results).from("hop:25");
        }
    }
}
