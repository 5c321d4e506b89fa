package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.submit.Submission;
import io.sendport.test.ParsedMail;
import io.sendport.test.SendportExtension;
import io.sendport.test.SubmittedMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RemindersTest {

    @RegisterExtension
    private final SendportExtension sendport =
            SendportExtension.configuredBy(Path.of("src/test/resources/reminders.xml"));

    private static Submission reminder() {
        return Submission.to("Reminders")
                .body("text/plain", Body.of("Please pay.", StandardCharsets.UTF_8))
                .with("CustomerAddress", "accounts@customer.example")
                .with("InvoiceNumber", "4711")
                .by("billing")
                .build();
    }

    @Test
    void remindsTheCustomer() throws Exception {
        sendport.submit(reminder()).awaitDone();
        ParsedMail mail = sendport.relay().mail();
        assertThat(mail.recipients()).containsExactly("accounts@customer.example");
        assertThat(mail.subject()).isEqualTo("Your invoice 4711");
        assertThat(mail.text()).contains("Please pay.");
    }

    @Test
    void retriesWhenTheRelayDefersTheMail() throws Exception {
        sendport.relay().deferAll();
        SubmittedMessage message = sendport.submit(reminder());
        Duration wait = message.awaitRetry();
        assertThat(wait).isEqualTo(Duration.ofMinutes(1));
        sendport.relay().acceptAll();
        sendport.advance(wait);
        message.awaitDone();
    }

    @Test
    void suspendsTheReminderWhenTheCustomerIsUnknown() throws Exception {
        sendport.relay().refuseRecipient("accounts@customer.example");
        assertThat(sendport.submit(reminder()).awaitSuspended()).contains("5.1.1");
    }
}
