package io.sendport.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.message.Body;
import io.sendport.api.submit.Submission;
import io.sendport.config.read.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(300)
class SendportExtensionTest {

    private static final MessageComponent REFUSES_DRAFTS = (message, scope) -> {
        if (new String(message.bodyPart().body().open().readAllBytes(), StandardCharsets.UTF_8).contains("draft")) {
            throw new IllegalArgumentException("a draft is not sent");
        }
        return Optional.of(message);
    };

    @RegisterExtension
    private final SendportExtension sendport =
            SendportExtension.port("Invoices", port -> port.from("billing@corp.example")
                    .to("b@customer.example, c@customer.example")
                    .subject("Rechnung für %Customer%")
                    .mail(mail -> mail.text("Hello").attach(attach -> attach.set("parts", "all")))
                    .pipeline(pipeline -> pipeline.component(REFUSES_DRAFTS))
                    .retry(retry -> retry.count(2).interval(Duration.ofMinutes(10))));

    private static Submission invoice() {
        return Submission.to("Invoices")
                .body("application/xml", Body.of("<invoice/>", StandardCharsets.UTF_8))
                .with("Customer", "Müller")
                .by("test")
                .build();
    }

    @Test
    void rendersTheMailWithoutSendingIt() {
        ParsedMail mail = sendport.render(invoice()).mail();
        assertThat(mail.subject()).isEqualTo("Rechnung für Müller");
        assertThat(mail.from()).isEqualTo("billing@corp.example");
        assertThat(mail.to()).isEqualTo("b@customer.example, c@customer.example");
        assertThat(mail.envelopeFrom()).isEqualTo("billing@corp.example");
        assertThat(mail.recipients()).containsExactly("b@customer.example", "c@customer.example");
        assertThat(mail.text()).isEqualToIgnoringNewLines("Hello");
        assertThat(mail.attachments()).singleElement().satisfies(each -> {
            assertThat(each.type()).isEqualTo("application/xml");
            assertThat(each.content()).asString(StandardCharsets.UTF_8).isEqualTo("<invoice/>");
        });
        assertThat(mail.raw()).contains("Subject: =?").doesNotContain("Müller");
        assertThat(sendport.relay().commands()).isEmpty();
        assertThatThrownBy(mail::html).isInstanceOf(AssertionError.class).hasMessageContaining("application/xml");
    }

    @Test
    void saysWhyAMessageWouldBeSuspended() {
        Rendering rendering = sendport.render("a draft");
        assertThat(rendering.suspendedBecause()).contains("stage preAssemble", "component", "a draft is not sent");
        assertThatThrownBy(rendering::mail)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a draft is not sent");
        assertThatThrownBy(() -> sendport.render(invoice()).suspendedBecause()).isInstanceOf(AssertionError.class);
    }

    @Test
    void sendsThroughTheWholeEngine() throws Exception {
        sendport.submit(invoice()).awaitDone();
        ParsedMail mail = sendport.relay().mail();
        assertThat(mail.subject()).isEqualTo("Rechnung für Müller");
        assertThat(mail.recipients()).containsExactly("b@customer.example", "c@customer.example");
    }

    @Test
    void suspendsAMessageWhenAComponentFails() throws Exception {
        SubmittedMessage message = sendport.submit("a draft");
        assertThat(message.awaitSuspended()).contains("a draft is not sent");
        assertThatThrownBy(message::awaitDone)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is suspended")
                .hasMessageContaining("a draft is not sent");
    }

    @Test
    void retriesWithoutWaiting() throws Exception {
        sendport.relay().deferAll();
        SubmittedMessage message = sendport.submit(invoice());
        assertThat(message.awaitRetry()).isEqualTo(Duration.ofMinutes(10));
        assertThatThrownBy(message::awaitDone)
                .hasMessageContaining("4.3.0 try later")
                .hasMessageContaining("advance it");
        sendport.relay().acceptAll();
        sendport.advance(Duration.ofMinutes(10));
        message.awaitDone();
        assertThat(message.view().attempts()).isEqualTo(2);
        assertThat(sendport.relay().mails()).hasSize(1);
    }

    @Test
    void suspendsAfterTheLastRetry() throws Exception {
        sendport.relay().cutBeforeMail();
        SubmittedMessage message = sendport.submit(invoice());
        for (int i = 0; i < 2; i++) {
            sendport.advance(message.awaitRetry());
        }
        message.awaitSuspended();
        assertThat(message.view().attempts()).isEqualTo(3);
    }

    @Test
    void retriesOnlyTheDeferredRecipient() throws Exception {
        sendport.relay().deferRecipient("c@customer.example");
        SubmittedMessage message = sendport.submit(invoice());
        Duration wait = message.awaitRetry();
        assertThat(sendport.relay().mail().recipients()).containsExactly("b@customer.example");
        sendport.relay().acceptAll();
        sendport.advance(wait);
        message.awaitDone();
        assertThat(sendport.relay().mails())
                .extracting(ParsedMail::recipients)
                .last()
                .asString()
                .contains("c@");
    }

    @Test
    void suspendsAMessageThatTheRelayRefuses() throws Exception {
        sendport.relay().refuseAll();
        assertThat(sendport.submit(invoice()).awaitSuspended()).contains("5.7.1");
    }

    @Test
    void namesEveryProblemOfTheConfiguration() {
        SendportExtension wrong =
                SendportExtension.port("P", port -> port.from("nobody").priority(77));
        assertThatThrownBy(wrong::open)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sendPort \"P\" > mail > from")
                .hasMessageContaining("sendPort \"P\" > priority");
    }
}
