package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.host.Expiries;
import io.sendport.api.host.HostServices;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Answers;
import io.sendport.test.TestHost;
import io.sendport.testing.FakeAdapter;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An SMTP adapter beside a scripted server, and what the tests of both need. */
abstract class AdapterFixture {

    static final String PASSWORD = "pa55-canary";

    private final List<Expiries.Source> watched = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    final DefaultCamelContext camel = new DefaultCamelContext(false);
    final SmtpAdapterFactory factory = new SmtpAdapterFactory();
    ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        camel.disableJMX();
        camel.start();
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws Exception {
        factory.close();
        camel.stop();
        server.close();
    }

    SendAdapter adapter(String... attributes) throws Exception {
        return adapter(List.of(), attributes);
    }

    SendAdapter adapter(List<Settings> children, String... attributes) throws Exception {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "host",
                "127.0.0.1",
                "port",
                Integer.toString(server.port()),
                "tls",
                "none",
                "readTimeout",
                Patience.LIMIT.toString(),
                "finalReplyTimeout",
                Patience.LIMIT.toString(),
                "connectTimeout",
                Patience.LIMIT.toString()));
        for (int i = 0; i < attributes.length; i += 2) {
            all.put(attributes[i], attributes[i + 1]);
        }
        Origin origin = new Origin(folder.resolve("sendport.xml"), 1, 1);
        Map<String, Setting> settings = new LinkedHashMap<>();
        all.forEach((name, value) -> settings.put(name, Setting.plain(value, origin)));
        return factory.create(new Settings("smtp", origin, settings, children, ""), services());
    }

    /** The names of all that may expire, which the adapters made so far have asked to be watched. */
    Set<String> expiring() {
        return watched.stream()
                .flatMap(each -> each.expiries().keySet().stream())
                .collect(Collectors.toSet());
    }

    HostServices services() {
        return new TestHost(folder) {
            @Override
            public Optional<Identity> identity() {
                return Optional.of(new Identity("CORP", "svc", new Secret(PASSWORD)));
            }
        }.lending(CamelContext.class, camel).lending(Expiries.class, watched::add);
    }

    static Delivery delivery(String content, String... recipients) {
        return new Delivery(
                new MessageId("6f0c2b1e-0000-4000-8000-000000000001"),
                1,
                Optional.of(MailAddress.parse("billing@corp.example")),
                Arrays.stream(recipients).map(MailAddress::parse).toList(),
                Handling.USUAL,
                Body.of(content, StandardCharsets.US_ASCII),
                Transparency.SEVEN_BIT,
                "00",
                "<6f0c2b1e@corp.example>");
    }

    static final String MAIL = "Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n";

    static DeliveryResult send(SendAdapter adapter, String... recipients) throws Exception {
        return FakeAdapter.send(
                adapter,
                delivery(MAIL, recipients.length == 0 ? new String[] {"a@customer.example"} : recipients),
                () -> true);
    }

    static Answer only(DeliveryResult result) {
        assertThat(result.recipients()).hasSize(1);
        return Answers.of(result.recipients().get(0));
    }
}
