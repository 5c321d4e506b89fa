package io.sendport.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.testing.FakeAdapter;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailoverRelaysTest {

    private final SettableClock clock = new SettableClock();
    private final Relay first = new Relay("first");
    private final Relay second = new Relay("second");
    private final FailoverRelays relays = new FailoverRelays(List.of(first, second), clock, away -> {});
    private final Delivery delivery = new Delivery(
            MessageId.random(),
            1,
            Optional.empty(),
            List.of(MailAddress.parse("a@customer.example")),
            Handling.USUAL,
            Body.of("mail", StandardCharsets.UTF_8),
            Transparency.SEVEN_BIT,
            "ab".repeat(32),
            "<1@corp.example>");

    private DeliveryResult send() throws Exception {
        return FakeAdapter.send(relays, delivery, () -> true);
    }

    @Test
    void sendsThroughTheFirstRelayWhileItIsAvailable() throws Exception {
        assertThat(send().peer()).isEqualTo("first");
        assertThat(second.tries).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Contact.class,
            names = {"NONE", "NOT_ADMITTED"})
    void failsOverInTheSameAttemptWhenTheFirstGotNoRequest(Contact contact) throws Exception {
        first.fails(Outcome.DEFERRED, Handover.NOT_HANDED_OVER, contact);
        DeliveryResult result = send();
        assertThat(result.peer()).isEqualTo("second");
        assertThat(result.has(Outcome.ACCEPTED)).isTrue();
        assertThat(result.dialogue()).containsExactly("said to first", "said to second");
    }

    @ParameterizedTest
    @EnumSource(
            value = Contact.class,
            names = {"MADE", "ENDED"})
    void doesNotFailOverOnceTheFirstGotTheRequest(Contact contact) throws Exception {
        first.fails(Outcome.DEFERRED, Handover.HANDED_OVER, contact);
        assertThat(send().peer()).isEqualTo("first");
    }

    @Test
    void failsOverWhileConnectingWhenTheFirstRelayIsUnreachable() throws Exception {
        first.fault = Optional.of("CONNECT first:25: Connection refused");
        try (SendConnection connection = ((Connecting.Connected) relays.connect()).connection()) {
            assertThat(connection.fault()).isEmpty();
            assertThat(first.tries + second.tries).isZero();
            DeliveryResult result = connection.send(delivery, () -> true);
            assertThat(result.peer()).isEqualTo("second");
            assertThat(result.dialogue()).containsExactly("said to first", "said to second");
        }
        assertThat(first.open + second.open).isZero();
        assertThat(send().peer()).isEqualTo("second");
        assertThat(first.tries).as("left alone").isEqualTo(1);
    }

    @Test
    void reportsAFaultWhenNoRelayIsReachable() throws Exception {
        first.fault = Optional.of("CONNECT first:25: Connection refused");
        second.fault = Optional.of("CONNECT second:25: Connection refused");
        try (SendConnection connection = ((Connecting.Connected) relays.connect()).connection()) {
            assertThat(connection.fault()).contains("CONNECT second:25: Connection refused");
            DeliveryResult result = connection.send(delivery, () -> true);
            assertThat(result.has(Outcome.DEFERRED)).isTrue();
            assertThat(result.dialogue()).containsExactly("said to first", "said to second");
        }
        assertThat(first.open + second.open).isZero();
    }

    @Test
    void isBusyWhenTheOnlyReachableRelayIsBusy() throws Exception {
        first.fault = Optional.of("CONNECT first:25: Connection refused");
        second.busy = true;
        assertThat(relays.connect()).isInstanceOf(Connecting.Busy.class);
        assertThat(first.open + second.open).isZero();
    }

    @Test
    void sendsTheNextDeliveryThroughTheSameRelay() throws Exception {
        first.fault = Optional.of("CONNECT first:25: Connection refused");
        try (SendConnection connection = ((Connecting.Connected) relays.connect()).connection()) {
            connection.send(delivery, () -> true);
            connection.send(delivery, () -> true);
        }
        assertThat(first.tries).isEqualTo(1);
        assertThat(second.tries).isEqualTo(2);
    }

    @Test
    void doesNotFailOverWhenRefusedOrInDoubt() throws Exception {
        first.fails(Outcome.REFUSED, Handover.NOT_HANDED_OVER, Contact.NONE);
        assertThat(send().peer()).isEqualTo("first");
        first.fails(Outcome.IN_DOUBT, Handover.UNKNOWN, Contact.NONE);
        assertThat(send().peer()).isEqualTo("first");
        assertThat(second.tries).isZero();
    }

    @Test
    void skipsAnUnavailableRelayForAWhileThenTriesItAgain() throws Exception {
        first.fails(Outcome.DEFERRED, Handover.NOT_HANDED_OVER, Contact.NONE);
        send();
        send();
        assertThat(first.tries).isEqualTo(1);
        first.works();
        clock.advance(FailoverRelays.SKIP_DURATION.plusSeconds(1));
        assertThat(send().peer()).isEqualTo("first");
    }

    @Test
    void triesAllRelaysWhenNoneIsAvailable() throws Exception {
        first.fails(Outcome.DEFERRED, Handover.NOT_HANDED_OVER, Contact.NONE);
        second.fails(Outcome.DEFERRED, Handover.NOT_HANDED_OVER, Contact.NONE);
        assertThat(send().has(Outcome.DEFERRED)).isTrue();
        send();
        assertThat(first.tries + second.tries).isEqualTo(4);
    }

    @Test
    void restsOnlyWhileAllRelaysRest() {
        first.rest = Optional.of(new Rest(Rest.Cause.CREDENTIAL, Instant.MAX, "535"));
        assertThat(relays.rest()).isEmpty();
        second.rest = Optional.of(new Rest(Rest.Cause.RELAY, clock.instant().plusSeconds(60), "421"));
        assertThat(relays.rest()).isEqualTo(second.rest);
    }

    @Test
    void skipsARestingRelay() throws Exception {
        first.rest = Optional.of(new Rest(Rest.Cause.CREDENTIAL, Instant.MAX, "535"));
        assertThat(send().peer()).isEqualTo("second");
        assertThat(first.tries).isZero();
    }

    private static final class Relay extends FakeAdapter {
        private final String name;
        private Outcome outcome = Outcome.ACCEPTED;
        private Handover handover = Handover.HANDED_OVER;
        private Contact contact = Contact.MADE;
        private Optional<Rest> rest = Optional.empty();
        private Optional<String> fault = Optional.empty();
        private boolean busy;
        private int tries;
        private int open;

        Relay(String name) {
            this.name = name;
        }

        void fails(Outcome how, Handover evidence, Contact talk) {
            outcome = how;
            handover = evidence;
            contact = talk;
        }

        void works() {
            fails(Outcome.ACCEPTED, Handover.HANDED_OVER, Contact.MADE);
        }

        @Override
        public Connecting connect() {
            if (busy) {
                return new Connecting.Busy("all in use");
            }
            open++;
            return new Connecting.Connected(new SendConnection() {
                @Override
                public Optional<String> fault() {
                    return fault;
                }

                @Override
                public DeliveryResult send(Delivery delivery, Lease lease) {
                    return Relay.this.send(delivery, lease);
                }

                @Override
                public void close() {
                    open--;
                }
            });
        }

        @Override
        public DeliveryResult send(Delivery what, Lease lease) {
            tries++;
            boolean away = fault.isPresent();
            DeliveryResult result = away
                    ? DeliveryResult.deferred(what, "test").with(Contact.NONE)
                    : DeliveryResult.same(what, outcome, handover, "test").with(contact);
            return result.from(name).took(Duration.ofMillis(1)).said(List.of("said to " + name));
        }

        @Override
        public Optional<Rest> rest() {
            return rest;
        }
    }
}
