package io.sendport.host.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Rest;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.testing.FakeAdapter;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddedRelayAdapterTest {

    private final SettableClock clock = new SettableClock();
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

    private DeliveryResult sent(Outcome outcome, Handover handover, Contact contact, String text) throws Exception {
        FakeAdapter relay = new FakeAdapter() {
            @Override
            public DeliveryResult send(Delivery what, Lease lease) {
                return DeliveryResult.same(what, outcome, handover, text)
                        .with(contact)
                        .from("relay");
            }
        };
        return FakeAdapter.send(new EmbeddedRelayAdapter(relay, clock), delivery, () -> true);
    }

    private DeliveryResult deferred(Contact contact, String text) throws Exception {
        return sent(Outcome.DEFERRED, Handover.NOT_HANDED_OVER, contact, text);
    }

    @ParameterizedTest
    @EnumSource(
            value = Contact.class,
            names = {"NONE", "ENDED"})
    void requestsARestWhenTheRelayIsUnavailable(Contact contact) throws Exception {
        DeliveryResult result = deferred(contact, "421 Too many connections");
        assertThat(result.advice().rest())
                .contains(new Rest(
                        Rest.Cause.RELAY,
                        clock.instant().plus(EmbeddedRelayAdapter.PAUSE),
                        "the embedded relay did not take the mail: 421 Too many connections"));
    }

    @Test
    void requestsNoRestForOtherFailures() throws Exception {
        assertThat(deferred(Contact.MADE, "452 4.3.1 full").advice().rest()).isEmpty();
        assertThat(deferred(Contact.NOT_ADMITTED, "535 no").advice().rest()).isEmpty();
        assertThat(sent(Outcome.IN_DOUBT, Handover.UNKNOWN, Contact.MADE, "closed")
                        .advice()
                        .rest())
                .isEmpty();
    }
}
