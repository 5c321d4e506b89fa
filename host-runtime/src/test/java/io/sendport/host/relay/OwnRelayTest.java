package io.sendport.host.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Channel;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Phase;
import io.sendport.api.adapter.Reply;
import io.sendport.api.adapter.Rest;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.testing.FakeAdapter;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OwnRelayTest {

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

    private DeliveryResult sent(Outcome outcome, Phase phase, Reply reply) throws Exception {
        FakeAdapter relay = new FakeAdapter() {
            @Override
            public DeliveryResult send(Delivery what, Lease lease) {
                return DeliveryResult.same(what, outcome, phase, reply, Channel.none("relay"), Duration.ZERO);
            }
        };
        return FakeAdapter.send(new OwnRelay(relay, clock), delivery, () -> true);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "FINAL_REPLY"})
    void aRelayThatTakesItsLeaveSpendsNoRetry(Phase phase) throws Exception {
        DeliveryResult result = sent(Outcome.DEFERRED, phase, Reply.of(421, "Too many connections"));
        assertThat(result.advice().rest())
                .contains(new Rest(
                        Rest.Cause.RELAY,
                        clock.instant().plus(OwnRelay.PAUSE),
                        "the embedded relay has no connection to spare: " + phase + " 421 Too many connections"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"CONNECT", "GREETING", "EHLO", "AUTH"})
    void neitherDoesOneThatClosesBeforeItHeardOfTheMail(Phase phase) throws Exception {
        assertThat(sent(Outcome.DEFERRED, phase, Reply.none("closed")).advice().rest())
                .isPresent();
    }

    @Test
    void whatItSaysOfTheMessageSpendsOne() throws Exception {
        assertThat(sent(Outcome.DEFERRED, Phase.RCPT, Reply.of(452, "4.3.1 full"))
                        .advice()
                        .rest())
                .isEmpty();
        assertThat(sent(Outcome.DEFERRED, Phase.CONTENT, Reply.none("closed"))
                        .advice()
                        .rest())
                .isEmpty();
        assertThat(sent(Outcome.IN_DOUBT, Phase.FINAL_REPLY, Reply.none("closed"))
                        .advice()
                        .rest())
                .isEmpty();
    }
}
