package io.sendport.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The behavior that the engine relies on in every adapter. Extend this class, supply your adapter and a view of its peer, and run it as a
 * JUnit 5 test. Each test gets a new instance of the extending class. {@link #of} does the same within one test.
 */
@Timeout(300)
public abstract class AdapterContract {

    private static final String CANARY = "content-canary-4711";
    private static final int THREADS = 4;
    private static final int EACH = 5;

    /** An adapter whose peer accepts every mail. */
    protected abstract SendAdapter adapter() throws Exception;

    /** An adapter whose peer is unreachable. */
    protected abstract SendAdapter adapterToNobody() throws Exception;

    /** The number of complete mails that the peer has received. */
    protected abstract int received() throws Exception;

    /** An adapter whose peer refuses every mail temporarily; empty to skip the check. */
    protected Optional<SendAdapter> adapterRefusedForNow() throws Exception {
        return Optional.empty();
    }

    /** An adapter whose peer refuses every mail permanently; empty to skip the check. */
    protected Optional<SendAdapter> adapterRefusedForGood() throws Exception {
        return Optional.empty();
    }

    /**
     * Prepares the contract for one test: {@code AdapterContract.of(...).verify()}.
     *
     * @param adapter creates an adapter whose peer accepts every mail
     * @param toNobody creates an adapter whose peer is unreachable
     * @param received returns the total number of complete mails that the peer has received
     */
    public static AdapterVerification of(
            Callable<? extends SendAdapter> adapter,
            Callable<? extends SendAdapter> toNobody,
            Callable<? extends Number> received) {
        return new AdapterVerification(adapter, toNobody, received);
    }

    /** Passwords and tokens that the adapter uses. They must not appear in results. */
    protected Set<String> secrets() {
        return Set.of();
    }

    /** A delivery of {@code mail} to these recipients. */
    protected static Delivery delivery(Body mail, String... recipients) {
        return new Delivery(
                MessageId.random(),
                1,
                Optional.of(MailAddress.parse("billing@corp.example")),
                Arrays.stream(recipients).map(MailAddress::parse).toList(),
                Handling.USUAL,
                mail,
                Transparency.SEVEN_BIT,
                "ab".repeat(32),
                "<4711@corp.example>");
    }

    private static Delivery delivery(String... recipients) {
        return delivery(
                Body.of("Subject: x\r\n\r\n" + CANARY + "\r\n", StandardCharsets.US_ASCII),
                recipients.length == 0 ? new String[] {"a@customer.example"} : recipients);
    }

    private static void requireHonest(Delivery delivery, DeliveryResult result) {
        assertThat(result.recipients())
                .extracting(RecipientResult::address)
                .as("exactly one result for each recipient")
                .containsExactlyElementsOf(delivery.recipients());
        assertThat(result.elapsed().isNegative()).as("elapsed is negative").isFalse();
    }

    private static SendConnection connected(SendAdapter adapter) throws InterruptedException {
        Connecting asked = adapter.connect();
        assertThat(asked).isInstanceOf(Connecting.Connected.class);
        return ((Connecting.Connected) asked).connection();
    }

    private static DeliveryResult sent(SendAdapter adapter, Delivery delivery, Lease lease) throws Exception {
        try (SendConnection connection = connected(adapter)) {
            return connection.send(delivery, lease);
        }
    }

    @Test
    public void returnsExactlyOneResultForEachRecipient() throws Exception {
        try (SendAdapter adapter = adapter()) {
            Delivery delivery = delivery("c@customer.example", "a@customer.example", "b@customer.example");
            DeliveryResult result = sent(adapter, delivery, () -> true);
            requireHonest(delivery, result);
            assertThat(result.recipients()).allSatisfy(each -> {
                assertThat(each.outcome()).isEqualTo(Outcome.ACCEPTED);
                assertThat(each.handover()).isEqualTo(Handover.HANDED_OVER);
                assertThat(each.text()).as("text of the result").isNotEmpty();
            });
            assertThat(result.contact()).isEqualTo(Contact.MADE);
            assertThat(received()).isEqualTo(1);
        }
    }

    @Test
    public void sendsSeveralDeliveriesOverOneConnection() throws Exception {
        try (SendAdapter adapter = adapter();
                SendConnection connection = connected(adapter)) {
            for (int i = 1; i <= 3; i++) {
                Delivery delivery = delivery("r" + i + "@customer.example");
                DeliveryResult result = connection.send(delivery, () -> true);
                requireHonest(delivery, result);
                assertThat(result.has(Outcome.ACCEPTED)).isTrue();
            }
            assertThat(received()).isEqualTo(3);
        }
    }

    @Test
    public void handsNothingOverOnceTheLeaseHasLapsed() throws Exception {
        try (SendAdapter adapter = adapter()) {
            Delivery delivery = delivery("a@customer.example", "b@customer.example");
            DeliveryResult result = sent(adapter, delivery, () -> false);
            requireHonest(delivery, result);
            assertThat(result.recipients()).allSatisfy(each -> {
                assertThat(each.outcome()).isEqualTo(Outcome.DEFERRED);
                assertThat(each.handover()).isEqualTo(Handover.NOT_HANDED_OVER);
            });
            assertThat(result.contact()).as("contact with the peer").isEqualTo(Contact.MADE);
            assertThat(received()).isZero();
        }
    }

    @Test
    public void checksTheLeaseBeforeTheHandover() throws Exception {
        try (SendAdapter adapter = adapter()) {
            AtomicInteger before = new AtomicInteger(-1);
            sent(adapter, delivery(), () -> {
                before.set(receivedNow());
                return true;
            });
            assertThat(before)
                    .as("mails that the peer had when the adapter checked the lease")
                    .hasValue(0);
        }
    }

    private int receivedNow() {
        try {
            return received();
        } catch (Exception e) {
            throw new AssertionError("cannot count the mails of the peer", e);
        }
    }

    @Test
    public void defersTheMailWhenThePeerIsUnreachable() throws Exception {
        try (SendAdapter adapter = adapterToNobody()) {
            if (adapter.connect() instanceof Connecting.Connected connected) {
                try (SendConnection connection = connected.connection()) {
                    Delivery delivery = delivery();
                    DeliveryResult result = connection.send(delivery, () -> true);
                    requireHonest(delivery, result);
                    assertThat(result.recipients().get(0).outcome()).isEqualTo(Outcome.DEFERRED);
                    assertThat(result.recipients().get(0).handover()).isEqualTo(Handover.NOT_HANDED_OVER);
                    assertThat(result.contact()).isEqualTo(Contact.NONE);
                }
            }
        }
    }

    private void requireRefused(Optional<SendAdapter> refused, Outcome outcome) throws Exception {
        if (refused.isEmpty()) {
            return;
        }
        try (SendAdapter adapter = refused.get()) {
            Delivery delivery = delivery("a@customer.example", "b@customer.example");
            DeliveryResult result = sent(adapter, delivery, () -> true);
            requireHonest(delivery, result);
            assertThat(result.recipients()).allSatisfy(each -> {
                assertThat(each.outcome()).isEqualTo(outcome);
                assertThat(each.handover()).as("the peer answered").isNotEqualTo(Handover.UNKNOWN);
                assertThat(each.text()).as("text of the result").isNotEmpty();
            });
        }
    }

    /** The engine retries a deferred mail. */
    @Test
    public void defersAMailThatThePeerRefusesTemporarily() throws Exception {
        requireRefused(adapterRefusedForNow(), Outcome.DEFERRED);
    }

    /** The engine does not retry a refused mail. */
    @Test
    public void refusesAMailThatThePeerRefusesPermanently() throws Exception {
        requireRefused(adapterRefusedForGood(), Outcome.REFUSED);
    }

    /** A mail whose content fails halfway, as with a disk error. */
    private static Body broken() {
        byte[] start = "Subject: x\r\n\r\nhalf of it\r\n".getBytes(StandardCharsets.US_ASCII);
        return new Body() {
            @Override
            public InputStream open() {
                return new SequenceInputStream(new ByteArrayInputStream(start), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("disk error");
                    }

                    @Override
                    public int read(byte[] bytes, int from, int count) throws IOException {
                        return read();
                    }
                });
            }

            @Override
            public long size() {
                return 2L * start.length;
            }
        };
    }

    @Test
    public void neverReportsAnUnreadableMailAsAccepted() throws Exception {
        try (SendAdapter adapter = adapter()) {
            Delivery delivery = delivery(broken(), "a@customer.example");
            try {
                DeliveryResult result = sent(adapter, delivery, () -> true);
                requireHonest(delivery, result);
                assertThat(result.has(Outcome.ACCEPTED)).isFalse();
            } catch (IOException | RuntimeException e) {
                assertThat(e).as("message of the exception").hasMessageContaining("disk error");
            }
            assertThat(received()).as("complete mails after half a mail").isZero();
            assertThat(sent(adapter, delivery(), () -> true).has(Outcome.ACCEPTED))
                    .as("the next mail is accepted")
                    .isTrue();
        }
    }

    @Test
    public void sendsForSeveralThreadsAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (SendAdapter adapter = adapter()) {
            assertThat(adapter.concurrency()).isPositive();
            assertThat(adapter.maxRecipients()).isPositive();
            List<Future<DeliveryResult>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String recipient = "r" + i + "@customer.example";
                for (int j = 0; j < EACH; j++) {
                    all.add(threads.submit(() -> {
                        Delivery delivery = delivery(recipient);
                        DeliveryResult result = sent(adapter, delivery, () -> true);
                        requireHonest(delivery, result);
                        return result;
                    }));
                }
            }
            for (Future<DeliveryResult> each : all) {
                assertThat(each.get().has(Outcome.ACCEPTED)).isTrue();
            }
            assertThat(received()).isEqualTo(THREADS * EACH);
        } finally {
            threads.shutdownNow();
        }
    }

    /** The engine interrupts a thread to stop it. The reported outcome must be true, and the adapter must keep working. */
    @Test
    public void reportsTheTrueOutcomeWhenItsThreadIsInterrupted() throws Exception {
        try (SendAdapter adapter = adapter()) {
            Delivery delivery = delivery();
            try (SendConnection connection = connected(adapter)) {
                Thread.currentThread().interrupt();
                DeliveryResult result = connection.send(delivery, () -> true);
                requireHonest(delivery, result);
                Outcome outcome = result.recipients().get(0).outcome();
                if (outcome != Outcome.IN_DOUBT) {
                    assertThat(received()).isEqualTo(outcome == Outcome.ACCEPTED ? 1 : 0);
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                assertThat(received()).as("after " + e).isLessThanOrEqualTo(1);
            } finally {
                Thread.interrupted();
            }
            assertThat(sent(adapter, delivery(), () -> true).has(Outcome.ACCEPTED))
                    .isTrue();
        }
    }

    @Test
    public void canBeClosedTwice() throws Exception {
        SendAdapter adapter = adapter();
        SendConnection connection = connected(adapter);
        connection.send(delivery(), () -> true);
        connection.close();
        connection.close();
        adapter.close();
        adapter.close();
    }

    @Test
    public void revealsNeitherSecretsNorContent() throws Exception {
        try (SendAdapter adapter = adapter()) {
            DeliveryResult result = sent(adapter, delivery(), () -> true);
            StringBuilder exposed = new StringBuilder(result.peer())
                    .append(result.facts().asMap())
                    .append(result.dialogue())
                    .append(result)
                    .append(adapter);
            for (RecipientResult each : result.recipients()) {
                exposed.append(each.text()).append(each.facts().asMap());
                each.facts().asMap().keySet().forEach(name -> assertThat(Facts.isReserved(name))
                        .isFalse());
            }
            assertThat(exposed.toString()).doesNotContain(CANARY);
            secrets().forEach(secret -> assertThat(exposed.toString()).doesNotContain(secret));
        }
    }
}
