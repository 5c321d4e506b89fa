package io.sendport.host.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdapterCallTest {

    private static final MailAddress A = MailAddress.parse("a@customer.example");
    private static final MailAddress B = MailAddress.parse("b@customer.example");
    private static final MailAddress STRANGER = MailAddress.parse("c@customer.example");

    private final Delivery delivery = new Delivery(
            MessageId.random(),
            1,
            Optional.empty(),
            List.of(A, B),
            Handling.USUAL,
            Body.of("mail", StandardCharsets.UTF_8),
            Transparency.SEVEN_BIT,
            "ab".repeat(32),
            "<1@corp.example>");

    private interface Act {
        DeliveryResult on(Delivery delivery) throws Exception;
    }

    private List<RecipientResult> after(Act act) {
        SendConnection connection = new SendConnection() {
            @Override
            public DeliveryResult send(Delivery handed, Lease lease) throws Exception {
                return act.on(handed);
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        return AdapterCall.send(connection, delivery, () -> true).recipients();
    }

    private static RecipientResult accepted(MailAddress address) {
        return new RecipientResult(address, Outcome.ACCEPTED, Handover.HANDED_OVER, "250 ok");
    }

    private static void requireAll(List<RecipientResult> results, Outcome outcome, Handover handover) {
        assertThat(results).extracting(RecipientResult::address).containsExactly(A, B);
        assertThat(results)
                .allSatisfy(each -> assertThat(each.outcome()).isEqualTo(outcome))
                .allSatisfy(each -> assertThat(each.handover()).isEqualTo(handover));
    }

    @Test
    void isDeferredWhenTheAdapterFailsBeforeReadingTheMail() {
        List<RecipientResult> results = after(handed -> {
            handed.mail().size();
            throw new IllegalStateException("no way");
        });
        requireAll(results, Outcome.DEFERRED, Handover.NOT_HANDED_OVER);
        assertThat(results.get(0).text()).isEqualTo("the adapter failed: java.lang.IllegalStateException: no way");
    }

    private interface Reading {
        void of(InputStream in) throws IOException;
    }

    static Stream<Reading> readings() {
        return Stream.of(
                InputStream::read,
                in -> in.read(new byte[2]),
                in -> in.readNBytes(1),
                in -> in.skip(1),
                InputStream::readAllBytes,
                in -> in.transferTo(new ByteArrayOutputStream()));
    }

    @ParameterizedTest
    @MethodSource("readings")
    void isInDoubtWhenTheAdapterFailsAfterReadingAnyByteOfTheMail(Reading reading) {
        List<RecipientResult> results = after(handed -> {
            try (InputStream in = handed.mail().open()) {
                reading.of(in);
            }
            throw new IOException("reset");
        });
        requireAll(results, Outcome.IN_DOUBT, Handover.UNKNOWN);
    }

    @Test
    void isInDoubtWhenTheAdapterThrowsAnErrorAfterReadingTheMail() {
        requireAll(
                after(handed -> {
                    handed.mail().open().readAllBytes();
                    throw new NoClassDefFoundError("com/example/Missing");
                }),
                Outcome.IN_DOUBT,
                Handover.UNKNOWN);
    }

    @Test
    @SuppressWarnings("NullAway") // an adapter that nobody checked
    void isInDoubtWhenTheAdapterReturnsNullAfterReadingTheMail() {
        requireAll(
                after(handed -> {
                    handed.mail().open().readAllBytes();
                    return null;
                }),
                Outcome.IN_DOUBT,
                Handover.UNKNOWN);
    }

    @Test
    void aRecipientWithoutAResultIsInDoubtOnceTheMailWasRead() {
        List<RecipientResult> results = after(handed -> {
            handed.mail().open().readAllBytes();
            return DeliveryResult.of(List.of(accepted(B)));
        });
        assertThat(results).extracting(RecipientResult::address).containsExactly(A, B);
        assertThat(results).extracting(RecipientResult::outcome).containsExactly(Outcome.IN_DOUBT, Outcome.ACCEPTED);
    }

    @Test
    void aRecipientWithoutAResultIsDeferredIfTheMailWasNotRead() {
        assertThat(after(handed -> DeliveryResult.of(List.of())))
                .extracting(RecipientResult::outcome)
                .containsExactly(Outcome.DEFERRED, Outcome.DEFERRED);
    }

    @Test
    void aRecipientWithTwoResultsIsInDoubtAndAnUnknownOneIsIgnored() {
        List<RecipientResult> results = after(handed -> DeliveryResult.of(List.of(
                accepted(STRANGER),
                accepted(A),
                new RecipientResult(A, Outcome.REFUSED, Handover.NOT_HANDED_OVER, "550 no"),
                accepted(B))));
        assertThat(results).extracting(RecipientResult::address).containsExactly(A, B);
        assertThat(results).extracting(RecipientResult::outcome).containsExactly(Outcome.IN_DOUBT, Outcome.ACCEPTED);
    }

    @Test
    void takesResultsInAnyOrder() {
        requireAll(
                after(handed -> DeliveryResult.of(List.of(accepted(B), accepted(A)))),
                Outcome.ACCEPTED,
                Handover.HANDED_OVER);
    }
}
