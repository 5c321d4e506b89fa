package io.sendport.samples.mailapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.PeerFault;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.message.Body;
import io.sendport.api.message.Part;
import io.sendport.api.settings.Secret;
import io.sendport.api.submit.Submission;
import io.sendport.test.AdapterContract;
import io.sendport.test.SendportExtension;
import io.sendport.test.SubmittedMessage;
import io.sendport.testing.FreePort;
import io.sendport.testing.InTurn;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample keeps the contract of adapters, and a host sends through it. */
@InTurn
class MailApiAdapterIT extends AdapterContract {

    @TempDir
    private Path folder;

    private MailApi api;

    @BeforeEach
    void start() throws Exception {
        api = new MailApi(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private MailApiAdapter adapter(URI server, String key) throws Exception {
        return new MailApiAdapter(server, new Secret(key), Optional.empty(), Optional.of(api.certificate));
    }

    @Override
    protected SendAdapter adapter() throws Exception {
        return adapter(api.uri(), MailApi.KEY);
    }

    @Override
    protected SendAdapter adapterToNobody() throws Exception {
        return adapter(URI.create("https://localhost:" + FreePort.find()), MailApi.KEY);
    }

    @Override
    protected Optional<SendAdapter> adapterRefusedForNow() throws Exception {
        api.answers.add(503);
        return Optional.of(adapter());
    }

    @Override
    protected Optional<SendAdapter> adapterRefusedForGood() throws Exception {
        api.answers.add(400);
        return Optional.of(adapter());
    }

    @Override
    protected int received() {
        return api.requests.size();
    }

    @Override
    protected Set<String> secrets() {
        return Set.of(MailApi.KEY);
    }

    private DeliveryResult sent(String key) throws Exception {
        try (SendAdapter adapter = adapter(api.uri(), key);
                SendConnection connection = ((Connecting.Connected) adapter.connect()).connection()) {
            return connection.send(
                    delivery(Body.of("Subject: x\r\n\r\ntext\r\n", StandardCharsets.US_ASCII), "a@customer.example"),
                    () -> true);
        }
    }

    @Test
    void mapsEachStatusCodeToAnOutcome() throws Exception {
        for (Object[] each : new Object[][] {
            {202, Outcome.ACCEPTED},
            {400, Outcome.REFUSED},
            {413, Outcome.REFUSED},
            {429, Outcome.DEFERRED},
            {500, Outcome.DEFERRED},
            {503, Outcome.DEFERRED},
            {0, Outcome.IN_DOUBT}
        }) {
            api.answers.add((Integer) each[0]);
            DeliveryResult result = sent(MailApi.KEY);
            assertThat(result.has((Outcome) each[1]))
                    .as("%s: %s", each[0], result)
                    .isTrue();
            assertThat(result.advice().retryAfter())
                    .isEqualTo(each[0].equals(429) ? Optional.of(Duration.ofSeconds(7)) : Optional.empty());
        }
        DeliveryResult stranger = sent("another key");
        assertThat(stranger.has(Outcome.DEFERRED)).isTrue();
        assertThat(stranger.fault()).get().extracting(PeerFault::kind).isEqualTo(PeerFault.Kind.LOG_ON);
    }

    @Test
    void refusesAMailThatTheApiCannotRepresent() throws Exception {
        try (SendAdapter adapter = adapter();
                SendConnection connection = ((Connecting.Connected) adapter.connect()).connection()) {
            DeliveryResult result = connection.send(
                    delivery(
                            Body.of(
                                    "Subject: x\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMIIB\r\n",
                                    StandardCharsets.US_ASCII),
                            "a@customer.example"),
                    () -> true);
            assertThat(result.has(Outcome.REFUSED)).isTrue();
            assertThat(received()).isZero();
        }
    }

    @Test
    void sendsOverTlsOnly() {
        assertThatThrownBy(() -> adapter(URI.create("http://localhost"), MailApi.KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("server is http://localhost; expected https://");
    }

    @Test
    void isATransportOfASendPort() throws Exception {
        Path file = Files.writeString(
                folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <host name="Cloud"/>
                  <sendPort name="Invoices" host="Cloud">
                    <mail from="Billing &lt;billing@corp.example&gt;" to="a@customer.example, b@customer.example" subject="Invoice">
                      <body text="Your invoice is attached."/>
                      <attach parts="all"/>
                    </mail>
                    <adapter class="io.sendport.samples.mailapi.MailApiAdapter">
                      <property name="server" value="%s"/>
                      <property name="key" value="{{env:MAIL_API_KEY:%s}}"/>
                      <property name="certificate" value="%s"/>
                    </adapter>
                    <retry count="3" interval="PT1M"/>
                  </sendPort>
                </sendport>
                """.formatted(api.uri(), MailApi.KEY, api.certificate));
        api.answers.add(503);
        try (SendportExtension sendport = SendportExtension.configuredBy(file).open()) {
            SubmittedMessage message = sendport.submit(Submission.to("Invoices")
                    .body(Part.body("application/xml", Body.of("<Invoice/>", StandardCharsets.UTF_8))
                            .withFileName("invoice.xml"))
                    .by("test")
                    .build());
            sendport.advance(message.awaitRetry());
            message.awaitDone();
        }
        assertThat(api.requests).as("one for all, after one that was deferred").hasSize(1);
        JsonNode request = api.requests.get(0);
        assertThat(request.at("/personalizations/0/to/0/email").asText()).isEqualTo("a@customer.example");
        assertThat(request.at("/personalizations/1/to/0/email").asText()).isEqualTo("b@customer.example");
        assertThat(request.at("/from/name").asText()).isEqualTo("Billing");
        assertThat(request.at("/content/0/value").asText()).contains("Your invoice is attached.");
        assertThat(request.at("/attachments/0/filename").asText()).isEqualTo("invoice.xml");
    }
}
