package io.sendport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomeKind;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.api.settings.Origin;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.config.ConsoleSettings;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.console.Console;
import io.sendport.console.access.Grant;
import io.sendport.console.access.Token;
import io.sendport.console.access.TokenFile;
import io.sendport.console.api.ConfigurationAccess;
import io.sendport.host.Sendport;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.pipeline.Extensions;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@InTurn
class HttpSendportClientIT {

    @TempDir
    private Path folder;

    private ScriptedServer relay;
    private Sendport host;
    private Console console;
    private String token = "";
    private SendportClient client;

    @BeforeEach
    void start() throws Exception {
        relay = new ScriptedServer().offering("250-test\r\n250 SIZE 10000000");
        Path file = Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:box.db"/>
                  <host name="Mail"><smtp host="127.0.0.1" port="%d" tls="none"/></host>
                  <sendPort name="Invoices" host="Mail">
                    <mail from="a@corp.example" to="b@customer.example" subject="%%InvoiceNumber%%"/>
                  </sendPort>
                  <sendPort name="Payroll" host="Mail">
                    <mail from="a@corp.example" to="b@customer.example"/>
                  </sendPort>
                </sendport>
                """.formatted(relay.port()));
        host = Sendport.configuredBy(file).start();
        Path tokens = folder.resolve("tokens");
        console = new Console(
                new ConsoleSettings(
                        "127.0.0.1", 0, Set.of(), Optional.empty(), tokens, Optional.empty(), new Origin(file, 1, 1)),
                new ConfigurationAccess(
                        () -> new ConfigurationReader(new CamelPlaceholders()).read(file),
                        Extensions.of(folder.resolve("plugins"))),
                Clock.systemUTC(),
                Duration.ofSeconds(5));
        console.serve(host.operations());
        token = Token.newSecret();
        new TokenFile(tokens)
                .add(new Token(
                        "billing",
                        Token.hash(token),
                        Grant.parse("submitter:Invoices"),
                        Instant.now(),
                        Optional.empty()));
        client = SendportClient.http(URI.create(console.url()), () -> token);
    }

    @AfterEach
    void stop() throws Exception {
        console.close();
        host.close();
        relay.close();
    }

    private static Submission.Builder invoice(String number) {
        return Submission.to("Invoices")
                .body("text/plain", Body.of("Invoice " + number, StandardCharsets.UTF_8))
                .with("InvoiceNumber", number)
                .by("billing");
    }

    @Test
    void submitsPropertiesAndPartsAndReportsCompletion() throws Exception {
        byte[] large = new byte[2_000_000];
        new Random(1).nextBytes(large);
        Receipt receipt = client.submit(new Submission(
                "Invoices",
                Context.empty().with("InvoiceNumber", "4711 \u00FC=&%+"),
                List.of(
                        Part.body("application/octet-stream", Body.of(large)).withFileName("large \u00FC.bin"),
                        new Part("property", "text/plain", Context.empty(), Body.of("Net 30", StandardCharsets.UTF_8))),
                Optional.empty(),
                "billing"));
        assertThat(receipt.port()).isEqualTo("Invoices");
        Patience.until(() -> client.answer(receipt.id()) instanceof Answer.Admitted admitted && admitted.isDone());
        String mail = relay.mails().get(0).replaceAll("[\\r\\n]+", "");
        assertThat(mail).contains(Base64.getEncoder().encodeToString(large));
        assertThat(host.operations().messages().details(receipt.id().value()).properties())
                .containsEntry("InvoiceNumber", "4711 \u00FC=&%+");
    }

    @Test
    void storesOneMessageForEachDedupeKey() {
        Receipt first = client.submit(invoice("1").dedupeKey("one").build());
        Receipt second = client.submit(invoice("1").dedupeKey("one").build());
        assertThat(second).isEqualTo(new Receipt(first.id(), "Invoices", true));
        assertThatThrownBy(() -> client.submit(invoice("2").dedupeKey("one").build()))
                .isInstanceOf(SubmissionRefusedException.class)
                .hasMessageContaining("409");
    }

    @Test
    void distinguishesARefusalFromATemporaryFailure() throws Exception {
        assertThatThrownBy(() -> client.submit(Submission.to("Payroll")
                        .body("text/plain", Body.EMPTY)
                        .by("billing")
                        .build()))
                .as("somebody may give the token that role")
                .isInstanceOf(NotNowException.class)
                .hasMessageContaining("403")
                .hasMessageEndingWith(". Check the token: it is unknown or expired, or may not use this port");
        assertThatThrownBy(() ->
                        client.submit(invoice("1").body("no type", Body.EMPTY).build()))
                .isInstanceOf(SubmissionRefusedException.class)
                .hasMessageContaining("no type");
        assertThat(client.answer(MessageId.random())).isEqualTo(new Answer.Unknown());
        token = "spt_wrong";
        assertThatThrownBy(() -> client.submit(invoice("1").build()))
                .isInstanceOf(NotNowException.class)
                .hasMessageContaining("401")
                .hasMessageNotContaining("spt_wrong");
        String server = console.url();
        console.close();
        assertThatThrownBy(() -> client.submit(invoice("1").build()))
                .isInstanceOf(NotNowException.class)
                .hasMessageStartingWith("Cannot connect to " + server + " (")
                .hasMessageEndingWith(
                        "). Nothing was sent. Check the address and that a host instance with <console> runs"
                                + " there, then submit again");
        for (String wrong : List.of("sendport.example", "ftp://sendport.example", "https://sendport.example/api/v1")) {
            assertThatThrownBy(() -> SendportClient.http(URI.create(wrong), () -> token))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void returnsOnlyOutcomesOfItsTokenAndContinuesAfterAPosition() throws Exception {
        host.submitter()
                .submit(Submission.to("Invoices")
                        .body("text/plain", Body.of("of somebody else", StandardCharsets.UTF_8))
                        .with("InvoiceNumber", "1")
                        .by("elsewhere")
                        .build());
        Receipt receipt = client.submit(Submission.to("Invoices")
                .body("text/plain", Body.of("mine", StandardCharsets.UTF_8))
                .with("InvoiceNumber", "2")
                .dedupeKey("two")
                .by("billing")
                .build());
        Patience.until(() -> relay.mails().size() == 2);
        Patience.until(() -> client.outcomes(OutcomePosition.BEGIN).events().size() == 1);
        OutcomePage page = client.outcomes(OutcomePosition.BEGIN);
        OutcomeEvent event = page.events().get(0);
        assertThat(event.kind()).isEqualTo(OutcomeKind.ACCEPTED);
        assertThat(event.message()).isEqualTo(receipt.id());
        assertThat(event.dedupeKey()).contains("two");
        assertThat(event.recipient()).contains("b@customer.example");
        assertThat(event.toString()).doesNotContain("customer.example");
        assertThat(client.outcomes(event.position()).events()).isEmpty();
        assertThat(client.outcomes(OutcomePosition.NOW).next()).isEqualTo(page.next());
    }
}
