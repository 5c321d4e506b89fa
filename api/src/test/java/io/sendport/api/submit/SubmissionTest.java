package io.sendport.api.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.message.Part;
import io.sendport.api.message.Property;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SubmissionTest {

    private static Submission invoice() {
        Submission invoice = Submission.to("Invoices")
                .body("application/xml", Body.of("<Invoice/>", StandardCharsets.UTF_8))
                .attach("terms.txt", "text/plain", Body.of("Net 30", StandardCharsets.UTF_8))
                .with(Property.text("InvoiceNo"), "4711")
                .dedupeKey("invoice-4711")
                .by("billing")
                .build();
        return invoice;
    }

    private static Message greeting() {
        Message message = Message.builder()
                .body("text/plain", Body.of("hello", StandardCharsets.UTF_8))
                .with(MessageProperties.SUBJECT, "Greetings")
                .build();
        return message;
    }

    @Test
    void containsTheValuesSetInTheBuilder() {
        Submission invoice = invoice();
        assertThat(invoice.port()).isEqualTo("Invoices");
        assertThat(invoice.parts()).extracting(Part::name).containsExactly("body", "part2");
        assertThat(invoice.parts().get(1).fileName()).contains("terms.txt");
        assertThat(invoice.context()).isEqualTo(Context.of(Map.of("InvoiceNo", "4711")));
        assertThat(invoice.dedupeKey()).contains("invoice-4711");
        assertThat(invoice.actor()).isEqualTo("billing");
        assertThat(Submission.toSubscribers()
                        .body("text/plain", Body.EMPTY)
                        .by("me")
                        .build()
                        .port())
                .isEmpty();
    }

    @Test
    void aMessageContainsTheValuesSetInItsBuilder() {
        Message message = greeting();
        assertThat(message.bodyPart().contentType()).isEqualTo("text/plain");
        assertThat(message.context().get(MessageProperties.SUBJECT)).contains("Greetings");
        assertThatThrownBy(() -> Message.builder().build()).hasMessageContaining("has no body");
    }

    @Test
    void reportsMissingAndInvalidValues() {
        Submission.Builder empty = Submission.to("P").by("me");
        assertThatThrownBy(empty::build).hasMessageContaining("has no body");
        assertThatThrownBy(Submission.to("P").body("text/plain", Body.EMPTY)::build)
                .hasMessageContaining("has no submitter");
        assertThatThrownBy(Submission.to("P")
                        .body("text/plain", Body.EMPTY)
                        .by("me")
                        .dedupeKey("k".repeat(201))::build)
                .hasMessageContaining("201 characters, expected 1 to 200");
        assertThatThrownBy(Submission.to("P")
                        .body("text/plain", Body.EMPTY)
                        .attach(Part.body("text/plain", Body.EMPTY))
                        .by("me")::build)
                .hasMessageContaining("same name");
    }

    /** The examples of the Javadoc are the code above, which compiles and runs. */
    @Test
    void theJavadocShowsCodeThatCompiles() throws Exception {
        String here = Files.readString(Path.of("src/test/java/io/sendport/api/submit/SubmissionTest.java"))
                .replaceAll("\\s+", "");
        for (String file : new String[] {"submit/Submission.java", "message/Message.java"}) {
            Matcher example = Pattern.compile("<pre>\\{@code(.*?)\\}</pre>", Pattern.DOTALL)
                    .matcher(Files.readString(Path.of("src/main/java/io/sendport/api/" + file)));
            assertThat(example.find()).as(file).isTrue();
            assertThat(here)
                    .contains(example.group(1).replaceAll("(?m)^ \\*", "").replaceAll("\\s+", ""));
        }
    }
}
