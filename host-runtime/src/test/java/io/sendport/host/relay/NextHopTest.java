package io.sendport.host.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.Channel;
import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Phase;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.Reply;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.MessageId;
import io.sendport.config.RetryRule;
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
    private final Server server = new Server();
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
        return new NextHop(
                folder, server, AT_ONCE, Clock.systemUTC(), (id, entry) -> register.add(id + " " + kind(id)));
    }

    private String kind(Optional<MessageId> id) {
        return id.filter(message::equals).isPresent() ? "ours" : "unknown";
    }

    private Passage filed(MailAddress... recipients) throws IOException {
        long no = folder.next();
        Files.writeString(folder.part(no), MAIL);
        folder.file(no, java.util.Map.of());
        Instant now = Clock.systemUTC().instant();
        Passage passage = new Passage(
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
    void passesAMailOnBehindATraceFieldAndForgetsIt() throws Exception {
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
    void triesAgainForThoseAloneWhoHaveNotGotIt() throws Exception {
        server.answers(B, Outcome.DEFERRED, Outcome.ACCEPTED);
        try (NextHop hop = hop()) {
            hop.add(filed(A, B));
            Patience.until(() -> !waits());
        }
        assertThat(server.asked).containsExactly(List.of(A, B), List.of(B));
        assertThat(register).hasSize(2);
    }

    @Test
    void leavesWhatIsRefusedForAPersonWhoMaySendItAgain() throws Exception {
        server.answers(B, Outcome.REFUSED);
        try (NextHop hop = hop()) {
            Passage passage = filed(A, B);
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
    void givesUpWhenTheRuleDoesAndSaysSo() throws Exception {
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
    void goesOnWithWhatWaitsAtAStartAndRecordsAnAttemptThatDiedAsInDoubt() throws Exception {
        folder.keep(RelayFolder.WAITING, filed(A).begun());
        try (NextHop hop = hop()) {
            Patience.until(() -> !waits());
            assertThat(hop.fault()).isEmpty();
        }
        assertThat(server.asked).containsExactly(List.of(A));
        assertThat(register).hasSize(2);
    }

    @Test
    void givesUpAMailThatIsGone() throws Exception {
        Passage passage = filed(A);
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
    void doesNotStopAtAFileThatSaysNothing() throws Exception {
        Files.writeString(place.resolve("waiting").resolve(folder.next() + ".json"), "{");
        Passage whole = filed(A);
        try (NextHop hop = hop()) {
            Patience.until(() -> !server.asked.isEmpty() && !hop.fault().isEmpty());
            assertThat(hop.fault()).contains("1.json");
        }
        assertThat(folder.numbers(RelayFolder.WAITING)).doesNotContain(whole.number());
    }

    @Test
    void waitsForAConnectionAsLongAsItTakes() throws Exception {
        server.busy.set(3 * AT_ONCE.count());
        try (NextHop hop = hop()) {
            hop.add(filed(A));
            Patience.until(() -> !waits());
        }
        assertThat(server.mails).hasSize(1);
        assertThat(register).as("waiting is no attempt").hasSize(1);
        assertThat(failed()).isEmpty();
    }

    /** Nobody knows how far it had come. */
    @Test
    void isInDoubtWhereTheAdapterFails() throws Exception {
        server.failures.set(1 + AT_ONCE.count());
        try (NextHop hop = hop()) {
            hop.add(filed(A));
            Patience.until(() -> !waits());
        }
        assertThat(Files.readString(place.resolve("failed/1.json")))
                .contains("FINAL_REPLY the adapter failed: java.io.IOException: broken amid the mail");
    }

    @Test
    void sharesItsFolderWithNoOther() {
        assertThatThrownBy(() -> new RelayFolder(place))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another embedded relay files in " + place);
    }

    /** Takes everything, or answers as told. */
    private static final class Server extends FakeAdapter {
        private final List<String> mails = new CopyOnWriteArrayList<>();
        private final List<List<MailAddress>> asked = new CopyOnWriteArrayList<>();
        private final List<Outcome> answers = new ArrayList<>();
        private final AtomicInteger busy = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private MailAddress concerned = A;

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
                throw new IOException("broken amid the mail");
            }
            asked.add(delivery.recipients());
            try (var in = delivery.mail().open()) {
                mails.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            List<RecipientResult> results = new ArrayList<>();
            for (MailAddress each : delivery.recipients()) {
                Outcome outcome = each.equals(concerned) && !answers.isEmpty() ? answers.remove(0) : Outcome.ACCEPTED;
                results.add(new RecipientResult(each, outcome, Phase.CONNECT, Reply.of(250, "as told")));
            }
            return new DeliveryResult(results, Channel.none("hop:25"), "", Duration.ZERO, List.of());
        }
    }
}
