package io.sendport.host.box.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipientsJsonTest {

    private static final MailAddress A = MailAddress.parse("a@customer.example");

    @Test
    void readsBackWhatItWrites() {
        List<RecipientResult> results = List.of(
                new RecipientResult(
                        A, Outcome.DEFERRED, Handover.HANDED_OVER, "451 4.3.0 later", Facts.of("phase", "FINAL_REPLY")),
                new RecipientResult(A, Outcome.IN_DOUBT, Handover.UNKNOWN, "closed"),
                new RecipientResult(A, Outcome.ACCEPTED, Handover.HANDED_OVER, "", Facts.of("file", "7.eml")));
        assertThat(RecipientsJson.read(RecipientsJson.write(results))).isEqualTo(results);
    }

    /** As version 1.0 wrote them. */
    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, FINAL_REPLY, 250, 2.0.0, Ok: queued as 1, HANDED_OVER, 250 2.0.0 Ok: queued as 1",
        "DEFERRED, BORROW, 0, '', not tried yet, NOT_HANDED_OVER, not tried yet",
        "DEFERRED, RCPT, 451, 4.3.0, later, NOT_HANDED_OVER, 451 4.3.0 later",
        "DEFERRED, FINAL_REPLY, 451, '', '', HANDED_OVER, 451",
        "REFUSED, RCPT, 550, 5.1.1, unknown, NOT_HANDED_OVER, 550 5.1.1 unknown",
        "IN_DOUBT, FINAL_REPLY, 0, '', closed, UNKNOWN, closed"
    })
    void readsRowsWrittenByVersionOne(
            Outcome outcome, String phase, String code, String enhanced, String text, Handover handover, String whole) {
        String json = """
                [{"address":"a@customer.example","code":"%s","enhanced":"%s","outcome":"%s","phase":"%s","text":"%s"}]""".formatted(code, enhanced, outcome, phase, text);
        assertThat(RecipientsJson.read(json))
                .containsExactly(new RecipientResult(A, outcome, handover, whole, Facts.of("phase", phase)));
    }

    /** Readers of the store know these keys. */
    @Test
    void keepsTheFormatOfAnSmtpAttempt() {
        DeliveryResult result = DeliveryResult.of(List.of(new RecipientResult(
                        A, Outcome.ACCEPTED, Handover.HANDED_OVER, "250 2.0.0 ok", Facts.of("phase", "FINAL_REPLY"))))
                .from("relay:25")
                .with(Facts.of("queueId", "4BCD"))
                .took(Duration.ofMillis(7))
                .said(List.of("C: EHLO h"));
        assertThat(AttemptJson.write(result))
                .isEqualTo(
                        "{\"auth\":\"\",\"dialogue\":[\"C: EHLO h\"],\"millis\":7,\"queueId\":\"4BCD\",\"recipients\":"
                                + "[{\"address\":\"a@customer.example\",\"outcome\":\"ACCEPTED\",\"phase\":\"FINAL_REPLY\","
                                + "\"reply\":\"250 2.0.0 ok\"}],\"relay\":\"relay:25\",\"tls\":\"\"}");
    }
}
