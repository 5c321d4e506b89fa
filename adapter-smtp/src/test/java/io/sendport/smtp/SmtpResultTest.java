package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.mail.MailAddress;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Channel;
import io.sendport.smtp.wire.Phase;
import io.sendport.smtp.wire.Reply;
import io.sendport.smtp.wire.ReplyPolicy;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpResultTest {

    private static final MailAddress A = MailAddress.parse("a@customer.example");

    private static DeliveryResult told(Phase phase, Reply reply) {
        Answer answer = new Answer(A, ReplyPolicy.outcome(phase, reply), phase, reply);
        return new SmtpResult(
                        List.of(answer),
                        new Channel("relay:25", "TLSv1.3 X", "PLAIN"),
                        "4BCD",
                        Duration.ofMillis(1),
                        List.of("S: 250"))
                .forEngine();
    }

    @Test
    void reportsPeerTlsAuthQueueIdPhaseAndReply() {
        DeliveryResult result = told(Phase.FINAL_REPLY, Reply.of(250, "2.0.0 Ok: queued as 4BCD"));
        assertThat(result.peer()).isEqualTo("relay:25");
        assertThat(result.facts())
                .isEqualTo(Facts.of("tls", "TLSv1.3 X").with("auth", "PLAIN").with("queueId", "4BCD"));
        assertThat(result.recipients().get(0).facts()).isEqualTo(Facts.of("phase", "FINAL_REPLY"));
        assertThat(result.recipients().get(0).text()).isEqualTo("250 2.0.0 Ok: queued as 4BCD");
    }

    /** Whatever the server says, it has the whole mail with the final dot and not before. */
    @Property(tries = 200)
    void derivesTheHandoverFromThePhaseAndReplyCode(@ForAll Phase phase, @ForAll @IntRange(max = 599) int code) {
        DeliveryResult result = told(phase, new Reply(code, "", "text"));
        Handover handover = result.recipients().get(0).handover();
        boolean unknown = phase == Phase.FINAL_REPLY && (code / 100 < 2 || code / 100 == 3);
        assertThat(handover == Handover.UNKNOWN).isEqualTo(unknown);
        if (!unknown) {
            assertThat(handover == Handover.HANDED_OVER).isEqualTo(phase == Phase.FINAL_REPLY);
        }
        assertThat(result.has(Outcome.IN_DOUBT)).isEqualTo(unknown);
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, 0, NONE",
        "GREETING, 421, NONE",
        "EHLO, 421, NONE",
        "GREETING, 554, NOT_ADMITTED",
        "STARTTLS, 454, NOT_ADMITTED",
        "AUTH, 535, NOT_ADMITTED",
        "AUTH, 0, NONE",
        "BORROW, 0, NONE",
        "MAIL, 0, MADE",
        "MAIL, 421, ENDED",
        "RCPT, 421, ENDED",
        "FINAL_REPLY, 421, ENDED",
        "RCPT, 452, MADE",
        "CONTENT, 0, MADE",
        "FINAL_REPLY, 0, MADE",
        "FINAL_REPLY, 250, MADE"
    })
    void reportsTheContactForEachPhaseAndReply(Phase phase, int code, Contact contact) {
        assertThat(told(phase, new Reply(code, "", "text")).contact()).isEqualTo(contact);
    }
}
