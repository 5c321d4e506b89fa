package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.host.HostServices;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Notify;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.settings.Identity;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.smtp.sasl.NtlmServer;
import io.sendport.testing.FakeAdapter;
import io.sendport.testing.NobodysPort;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.TestHost;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class SmtpAdapterIT {

    private static final String PASSWORD = "pa55-canary";

    @TempDir
    private Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext(false);
    private final SmtpAdapterFactory factory = new SmtpAdapterFactory();
    private ScriptedServer server;

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

    private SendAdapter adapter(String... attributes) throws Exception {
        return adapter(List.of(), attributes);
    }

    private SendAdapter adapter(List<Settings> children, String... attributes) throws Exception {
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

    private HostServices services() {
        return new TestHost(folder) {
            @Override
            public Optional<Identity> identity() {
                return Optional.of(new Identity("CORP", "svc", new Secret(PASSWORD)));
            }
        }.lending(CamelContext.class, camel);
    }

    private static Delivery delivery(String content, String... recipients) {
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

    private static final String MAIL = "Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n";

    private static DeliveryResult send(SendAdapter adapter, String... recipients) throws Exception {
        return FakeAdapter.send(
                adapter,
                delivery(MAIL, recipients.length == 0 ? new String[] {"a@customer.example"} : recipients),
                () -> true);
    }

    private static Answer only(DeliveryResult result) {
        assertThat(result.recipients()).hasSize(1);
        return Answers.of(result.recipients().get(0));
    }

    @Test
    void handsOverTheBytesAsTheyWereSealed() throws Exception {
        DeliveryResult result = send(adapter());
        assertThat(only(result).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(result.facts().get("queueId")).isEqualTo("4BCD");
        assertThat(server.mails()).containsExactly(MAIL);
        assertThat(server.commands()).contains("MAIL FROM:<billing@corp.example> SIZE=" + MAIL.length());
        assertThat(result.dialogue()).contains("S: 250 2.0.0 Ok: queued as 4BCD");
    }

    @Test
    void sendsOneCommandAtATimeWhereTheServerOffersNothing() throws Exception {
        server.offering("250 test");
        assertThat(only(send(adapter())).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(server.commands()).contains("MAIL FROM:<billing@corp.example>");
        assertThat(server.mails()).containsExactly(MAIL);
    }

    @ParameterizedTest
    @CsvSource({
        "GREETING,421 4.3.2 busy,DEFERRED,GREETING",
        "GREETING,554 5.7.1 go away,DEFERRED,GREETING",
        "GREETING,CLOSE,DEFERRED,GREETING",
        "EHLO,CLOSE,DEFERRED,EHLO",
        "MAIL,451 4.3.0 later,DEFERRED,MAIL",
        "MAIL,550 5.1.8 no,REFUSED,MAIL",
        "MAIL,CLOSE,DEFERRED,MAIL",
        "RCPT,450 4.2.0 greylisted,DEFERRED,RCPT",
        "RCPT,550 5.1.1 unknown,REFUSED,RCPT",
        "RCPT,552 5.5.3 too many,DEFERRED,RCPT",
        "RCPT,CLOSE,DEFERRED,RCPT",
        "DATA,451 4.3.0 later,DEFERRED,DATA",
        "DATA,554 5.5.1 no,REFUSED,DATA",
        "DATA,CLOSE,DEFERRED,DATA",
        "DOT,451 4.3.0 later,DEFERRED,FINAL_REPLY",
        "DOT,554 5.6.0 no,REFUSED,FINAL_REPLY",
        "DOT,CLOSE,IN_DOUBT,FINAL_REPLY",
        "DOT,garbage,IN_DOUBT,FINAL_REPLY",
        "MAIL,garbage,DEFERRED,MAIL",
        "MAIL,421 4.7.0 closing,DEFERRED,MAIL"
    })
    void tellsOutcomeAndPhaseWhateverTheServerSays(String command, String answer, Outcome outcome, Phase phase)
            throws Exception {
        server.on(command, answer);
        for (String offers : List.of("250-test\r\n250 PIPELINING", "250 test")) {
            server.offering(offers);
            Answer result = only(send(adapter()));
            assertThat(result.outcome()).as(offers).isEqualTo(outcome);
            assertThat(result.phase()).as(offers).isEqualTo(phase);
        }
        if (!command.equals("DOT")) {
            assertThat(server.mails()).isEmpty();
        }
    }

    /** All phases side by side: each takes as long as the wait for an answer that never comes. */
    @Test
    void tellsInWhichPhaseAServerFallsSilent() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<ScriptedServer> servers = new ArrayList<>();
        try {
            Map<Future<DeliveryResult>, Phase> results = new LinkedHashMap<>();
            for (String command : List.of("GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT")) {
                boolean last = command.equals("DOT");
                for (String offers : List.of("250-test\r\n250 PIPELINING", "250 test")) {
                    ScriptedServer silent =
                            new ScriptedServer().on(command, "HANG").offering(offers);
                    servers.add(silent);
                    SendAdapter adapter = adapter(
                            "port",
                            Integer.toString(silent.port()),
                            last ? "finalReplyTimeout" : "readTimeout",
                            "PT5S");
                    results.put(threads.submit(() -> send(adapter)), last ? Phase.FINAL_REPLY : Phase.valueOf(command));
                }
            }
            for (Map.Entry<Future<DeliveryResult>, Phase> each : results.entrySet()) {
                Answer result = only(each.getKey().get());
                Phase phase = each.getValue();
                assertThat(result.phase()).isEqualTo(phase);
                assertThat(result.outcome())
                        .as(phase.name())
                        .isEqualTo(phase == Phase.FINAL_REPLY ? Outcome.IN_DOUBT : Outcome.DEFERRED);
            }
            assertThat(servers.stream().mapToInt(each -> each.mails().size()).sum())
                    .as("both that were silent after the final dot")
                    .isEqualTo(2);
        } finally {
            threads.shutdownNow();
            for (ScriptedServer each : servers) {
                each.close();
            }
        }
    }

    @Test
    void keepsAResultForEachRecipient() throws Exception {
        server.on("RCPT TO:<no@customer.example>", "550 5.1.1 unknown")
                .on("RCPT TO:<later@customer.example>", "450 4.2.0 later");
        for (String offers : List.of("250-test\r\n250 PIPELINING", "250 test")) {
            server.offering(offers);
            DeliveryResult result =
                    send(adapter(), "yes@customer.example", "no@customer.example", "later@customer.example");
            assertThat(result.recipients())
                    .extracting(RecipientResult::outcome)
                    .containsExactly(Outcome.ACCEPTED, Outcome.REFUSED, Outcome.DEFERRED);
            assertThat(result.recipients().get(1).text()).hasToString("550 5.1.1 unknown");
        }
    }

    @Test
    void goesOnWithTheSameConnectionAfterARefusal() throws Exception {
        SendAdapter adapter = adapter();
        server.on("RCPT TO:<no@customer.example>", "550 5.1.1 unknown");
        assertThat(only(send(adapter, "no@customer.example")).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(only(send(adapter, "yes@customer.example")).outcome()).isEqualTo(Outcome.ACCEPTED);
        server.on("DATA", "451 4.3.0 later");
        assertThat(only(send(adapter, "yes@customer.example")).outcome()).isEqualTo(Outcome.DEFERRED);
        server.on("DATA", "354 go on");
        assertThat(only(send(adapter, "yes@customer.example")).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(server.mails()).hasSize(2);
    }

    @Test
    void asksAgainAtOnceForRecipientsBeyondTheServersLimit() throws Exception {
        for (int limit : new int[] {1, 3}) {
            server.takingRecipients(limit);
            DeliveryResult result = send(
                    adapter("messagesPerConnection", Integer.toString(100 + limit)),
                    "a@customer.example",
                    "b@customer.example",
                    "c@customer.example",
                    "d@customer.example",
                    "e@customer.example");
            assertThat(result.with(Outcome.ACCEPTED))
                    .as(result.dialogue().toString())
                    .hasSize(5);
        }
        server.takingRecipients(0);
        assertThat(send(adapter(), "a@customer.example", "b@customer.example").with(Outcome.DEFERRED))
                .as("no progress, no endless loop")
                .hasSize(2);
        assertThat(server.mails()).hasSize(5 + 2);
    }

    /** What stands in clear text behind the answer to STARTTLS may come from anyone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "220 go\r\n250-injected\r\n250 AUTH PLAIN",
                "220 go\r\n250 ok",
                "220 go\r\n220 go",
                "220 go\r\n\0\0"
            })
    void believesNothingThatWasSaidBeforeTheHandshake(String injected) throws Exception {
        SSLContext context = ServerKey.make(folder, "dns:localhost").context();
        server.close();
        server = new ScriptedServer(context);
        server.offering("250-test\r\n250 STARTTLS").on("STARTTLS", injected);
        Answer result = only(send(adapter(
                "host",
                "localhost",
                "tls",
                "required",
                "trustStore",
                "server.pem",
                "auth",
                "basic",
                "user",
                "u",
                "password",
                PASSWORD)));
        assertThat(result.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(result.phase()).isIn(Phase.STARTTLS, Phase.AUTH);
        assertThat(server.commands()).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
    }

    @Test
    void triesARefusedAccountOnceAndSparesTheOthersTheirRetries() throws Exception {
        server.offering("250-test\r\n250 AUTH PLAIN").on("AUTH", "535 5.7.8 bad credentials");
        SendAdapter adapter =
                adapter("auth", "basic", "user", "billing", "password", "wrong", "allowClearText", "true");
        DeliveryResult first = send(adapter);
        assertThat(only(first).phase()).isEqualTo(Phase.AUTH);
        assertThat(first.advice().rest()).isEmpty();
        assertThat(adapter.rest()).isPresent();
        for (int i = 0; i < 20; i++) {
            assertThat(adapter.connect())
                    .as("nothing is tried")
                    .isInstanceOfSatisfying(Connecting.Busy.class, busy -> assertThat(busy.why())
                            .contains("no log-on before"));
        }
        assertThat(server.count("AUTH")).isEqualTo(1);
    }

    @Test
    void holdsNoMoreConnectionsToARelayThanAllowedWhateverTheAccount() throws Exception {
        server.offering("250-test\r\n250 AUTH PLAIN");
        for (int i = 0; i < 5; i++) {
            SendAdapter adapter = adapter(
                    "maxConnections",
                    "2",
                    "auth",
                    "basic",
                    "user",
                    "account-" + i,
                    "password",
                    "pass",
                    "allowClearText",
                    "true");
            assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.count("CONNECT")).isEqualTo(5);
        Patience.until("room for the last", () -> server.count("QUIT") >= 3);
        assertThat(server.count("QUIT"))
                .as("two stay open, the others made room")
                .isEqualTo(3);
    }

    @Test
    void reusesConnectionsAndRenewsThemInTime() throws Exception {
        SendAdapter adapter = adapter("messagesPerConnection", "3");
        for (int i = 0; i < 6; i++) {
            assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.count("CONNECT")).isEqualTo(2);
        assertThat(server.count("NOOP")).isZero();
    }

    private static SendConnection connected(SendAdapter adapter) throws Exception {
        return ((Connecting.Connected) adapter.connect()).connection();
    }

    @Test
    void saysThatItIsBusyAndTriesNothingWhileNoConnectionIsFree() throws Exception {
        SendAdapter adapter = adapter("maxConnections", "1");
        SendAdapter other = adapter("maxConnections", "1", "readTimeout", "PT0.1S");
        try (SendConnection held = connected(adapter)) {
            assertThat(held.fault()).isEmpty();
            assertThat(other.connect()).isInstanceOfSatisfying(Connecting.Busy.class, busy -> assertThat(busy.why())
                    .contains("no free connection to 127.0.0.1:" + server.port() + " within PT0.1S: 1 of 1 in use"));
            assertThat(server.count("CONNECT")).isEqualTo(1);
        }
        assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void givesAConnectionBackOnceHoweverOftenItIsClosed() throws Exception {
        SendAdapter adapter = adapter("maxConnections", "1");
        SendAdapter impatient = adapter("maxConnections", "1", "readTimeout", "PT0.1S");
        SendConnection first = connected(adapter);
        first.close();
        try (SendConnection second = connected(adapter)) {
            first.close();
            assertThat(second.fault()).isEmpty();
            assertThat(impatient.connect()).isInstanceOf(Connecting.Busy.class);
        }
    }

    /** Between taking a connection and using it the attempt is recorded, which takes as long as the disk. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesNothingWithAConnectionThatIsClosedBeforeItIsUsed(boolean usedBefore) throws Exception {
        SendAdapter adapter = adapter();
        if (usedBefore) {
            assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        try (SendConnection connection = connected(adapter)) {
            server.hangUp();
            DeliveryResult result = connection.send(delivery(MAIL, "a@customer.example"), () -> true);
            assertThat(only(result).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.count("CONNECT")).isEqualTo(2);
    }

    @Test
    void renewsAConnectionOnceForAServerThatClosesItAtEveryMail() throws Exception {
        server.on("MAIL", "CLOSE");
        DeliveryResult result = send(adapter());
        assertThat(only(result).outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(only(result).phase()).isEqualTo(Phase.MAIL);
        assertThat(result.advice().rest()).as("that spends a retry").isEmpty();
        assertThat(server.count("CONNECT")).isEqualTo(2);
    }

    @Test
    void sendsAllDeliveriesOfAMessageOverOnePlaceInThePool() throws Exception {
        SendAdapter adapter = adapter("maxConnections", "1", "messagesPerConnection", "2", "readTimeout", "PT1S");
        try (SendConnection connection = connected(adapter)) {
            for (int i = 0; i < 4; i++) {
                assertThat(only(connection.send(delivery(MAIL, "a@customer.example"), () -> true))
                                .outcome())
                        .isEqualTo(Outcome.ACCEPTED);
            }
        }
        assertThat(server.count("CONNECT")).isEqualTo(2);
        assertThat(server.mails()).hasSize(4);
    }

    @Test
    void takesANewConnectionWhenAnIdleOneTurnsOutToBeDead() throws Exception {
        SendAdapter adapter = adapter();
        assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
        ScriptedServer first = server;
        first.on("MAIL", "CLOSE");
        Answer second = only(send(adapter));
        assertThat(second.outcome())
                .as("the second connection is closed at MAIL too, and then it is a deferral")
                .isEqualTo(Outcome.DEFERRED);
        assertThat(first.count("CONNECT")).isEqualTo(2);
        first.on("MAIL", "250 ok");
        assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLOSE", "HANG", "500 what"})
    void decidesAtThe250AndNotAtQuit(String answer) throws Exception {
        server.on("QUIT", answer);
        assertThat(only(send(adapter("messagesPerConnection", "1"))).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(server.mails()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT"})
    void readsNoAnswerWithoutEnd(String command) throws Exception {
        server.on(command, "ENDLESS");
        Answer result = only(send(adapter()));
        assertThat(result.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(result.reply().text()).contains("an answer of more than ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "250-test\r\n250-550 no",
                "25",
                "999 what",
                "2500 odd",
                "\u0662\u0665\u0660 arabic",
                "250",
                "-1 x",
                "250-a\r\n550 b"
            })
    void neverHangsOnAMalformedAnswer(String answer) throws Exception {
        server.on("EHLO", answer).on("HELO", answer);
        DeliveryResult result = send(adapter("readTimeout", "PT0.8S"));
        assertThat(result.recipients())
                .extracting(RecipientResult::outcome)
                .isSubsetOf(Outcome.ACCEPTED, Outcome.DEFERRED);
    }

    @Test
    void sendsNothingUnauthenticatedWhereAuthIsAsked() throws Exception {
        Answer result =
                only(send(adapter("auth", "basic", "user", "u", "password", PASSWORD, "allowClearText", "true")));
        assertThat(result.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(result.phase()).isEqualTo(Phase.AUTH);
        assertThat(result.reply().text()).contains("does not offer auth basic").contains("it offers none");
        assertThat(server.mails()).isEmpty();
        assertThat(server.count("MAIL")).isZero();
    }

    @Test
    void sendsNoPasswordOverAClearChannel() throws Exception {
        server.offering("250-test\r\n250 AUTH PLAIN LOGIN");
        Answer result = only(send(adapter("auth", "basic", "user", "u", "password", PASSWORD)));
        assertThat(result.reply().text()).contains("clear channel");
        assertThat(server.count("AUTH")).isZero();
    }

    @Test
    void logsOnOnceAndShowsNoSecret() throws Exception {
        server.offering("250-test\r\n250 AUTH PLAIN");
        DeliveryResult good =
                send(adapter("auth", "basic", "user", "u", "password", PASSWORD, "allowClearText", "true"));
        assertThat(only(good).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(good.facts().get("auth")).isEqualTo("PLAIN");
        server.on("AUTH", "535 5.7.8 bad");
        server.commands().clear();
        DeliveryResult bad =
                send(adapter("auth", "basic", "user", "other", "password", PASSWORD, "allowClearText", "true"));
        assertThat(only(bad).outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(only(bad).phase()).isEqualTo(Phase.AUTH);
        assertThat(only(bad).reply()).hasToString("535 5.7.8 bad");
        assertThat(server.count("AUTH")).as("one try, no lock-out").isEqualTo(1);
        assertThat(good.toString() + bad)
                .doesNotContain(PASSWORD)
                .doesNotContain(java.util.Base64.getEncoder()
                        .encodeToString(("\0u\0" + PASSWORD).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void neverFallsBackFromNtlmToAPassword() throws Exception {
        server.offering("250-test\r\n250 AUTH PLAIN LOGIN");
        Answer result = only(send(adapter("auth", "ntlm", "allowClearText", "true")));
        assertThat(result.reply().text()).contains("does not offer auth ntlm").contains("PLAIN LOGIN");
        assertThat(server.count("AUTH")).isZero();
    }

    @Test
    void answersAnNtlmChallengeInVersionTwoWithTheHostsIdentity() throws Exception {
        server.offering("250-test\r\n250 AUTH NTLM").on("AUTH NTLM", "334 " + NtlmServer.challenge());
        // The answer to the challenge is a line of Base64; whatever it is, it is taken.
        server.on("TlRMTVNTUAAD", "235 in");
        DeliveryResult result = send(adapter("auth", "ntlm", "allowClearText", "true"));
        assertThat(only(result).outcome()).isEqualTo(Outcome.ACCEPTED);
        String type3 = server.commands().stream()
                .filter(each -> each.startsWith("TlRMTVNTUAAD"))
                .findFirst()
                .orElseThrow();
        assertThat(NtlmServer.responseLength(type3))
                .as("an NTLMv1 answer has 24 bytes")
                .isGreaterThan(24);
        assertThat(NtlmServer.text(type3)).contains("CORP").contains("svc");
    }

    @Test
    void refusesWhatTheServerSaysIsTooLarge() throws Exception {
        server.offering("250-test\r\n250 SIZE 10");
        Answer result = only(send(adapter()));
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.reply().text()).contains("takes at most 10 bytes");
        assertThat(server.count("MAIL")).isZero();
    }

    @Test
    void sendsNoFinalDotWithoutALease() throws Exception {
        DeliveryResult result = FakeAdapter.send(adapter(), delivery(MAIL, "a@customer.example"), () -> false);
        assertThat(only(result).outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(only(result).reply().text()).contains("lease");
    }

    @Test
    void tellsThatNobodyListens() throws Exception {
        try (NobodysPort nobody = new NobodysPort()) {
            Answer result = only(send(adapter("port", Integer.toString(nobody.number()))));
            assertThat(result.outcome()).isEqualTo(Outcome.DEFERRED);
            assertThat(result.phase()).isEqualTo(Phase.CONNECT);
            assertThat(result.reply().text()).contains("127.0.0.1").containsIgnoringCase("refused");
        }
    }

    @Test
    void turnsToTlsAndChecksTheServersName() throws Exception {
        SSLContext context = ServerKey.make(folder, "dns:localhost").context();
        server.close();
        server = new ScriptedServer(context);
        server.offering("250-test\r\n250 STARTTLS");
        DeliveryResult trusted = send(adapter("host", "localhost", "tls", "required", "trustStore", "server.pem"));
        assertThat(only(trusted).outcome()).as(trusted.toString()).isEqualTo(Outcome.ACCEPTED);
        assertThat(trusted.facts().get("tls")).startsWith("TLSv1.");
        Answer untrusted = only(send(adapter("host", "localhost", "tls", "required")));
        assertThat(untrusted.phase()).isEqualTo(Phase.STARTTLS);
        Answer otherName = only(send(adapter("host", "127.0.0.1", "tls", "required", "trustStore", "server.pem")));
        assertThat(otherName.phase()).isEqualTo(Phase.STARTTLS);
        assertThat(server.mails()).hasSize(1);
    }

    @Test
    void speaksTlsFromTheFirstByte() throws Exception {
        SSLContext context = ServerKey.make(folder, "dns:localhost").context();
        server.close();
        server = new ScriptedServer(context, true);
        DeliveryResult trusted = send(adapter("host", "localhost", "tls", "implicit", "trustStore", "server.pem"));
        assertThat(only(trusted).outcome()).as(trusted.toString()).isEqualTo(Outcome.ACCEPTED);
        assertThat(trusted.facts().get("tls")).startsWith("TLSv1.");
        assertThat(only(send(adapter("host", "localhost", "tls", "implicit"))).phase())
                .isEqualTo(Phase.STARTTLS);
        assertThat(server.mails()).containsExactly(MAIL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"required", "implicit"})
    void saysGoodbyeUnderTlsToo(String tls) throws Exception {
        try (ScriptedServer secure =
                new ScriptedServer(ServerKey.make(folder, "dns:localhost").context(), tls.equals("implicit"))) {
            secure.offering("250-test\r\n250 STARTTLS");
            String[] relay = {
                "host",
                "localhost",
                "port",
                Integer.toString(secure.port()),
                "tls",
                tls,
                "trustStore",
                "server.pem",
                "messagesPerConnection",
                "1"
            };
            assertThat(only(send(adapter(relay))).outcome()).isEqualTo(Outcome.ACCEPTED);
            Patience.until("a goodbye", () -> secure.count("QUIT") > 0);
            assertThat(secure.commands()).endsWith("QUIT");
        }
    }

    @Test
    void fallsBackToAClearChannelOnlyWhereThatIsAllowedAndOnTheRecord() throws Exception {
        server.offering("250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS").on("STARTTLS", "454 4.7.0 not now");
        DeliveryResult fallen = send(adapter("tls", "opportunistic"));
        assertThat(only(fallen).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(fallen.facts().get("tls")).isEqualTo("clear, since 454 4.7.0 not now");
        Answer withAccount =
                only(send(adapter("tls", "opportunistic", "auth", "basic", "user", "u", "password", PASSWORD)));
        assertThat(withAccount.phase()).isEqualTo(Phase.AUTH);
        assertThat(server.count("AUTH")).isZero();
        assertThat(only(send(adapter("tls", "required"))).outcome()).isEqualTo(Outcome.DEFERRED);
    }

    @Test
    void takesOnlyTheKeyThatIsPinned() throws Exception {
        SSLContext context = ServerKey.make(folder, "dns:localhost").context();
        server.close();
        server = new ScriptedServer(context, true);
        String pin = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256")
                        .digest(certificate().getPublicKey().getEncoded()));
        DeliveryResult right =
                send(adapter("host", "localhost", "tls", "implicit", "trustStore", "server.pem", "pinnedKey", pin));
        assertThat(only(right).outcome()).as(right.toString()).isEqualTo(Outcome.ACCEPTED);
        assertThat(right.facts().get("tls")).contains(", certificate ");
        Answer wrong = only(send(adapter(
                "host",
                "localhost",
                "tls",
                "implicit",
                "trustStore",
                "server.pem",
                "pinnedKey",
                "A".repeat(43) + "=")));
        assertThat(wrong.phase()).isEqualTo(Phase.STARTTLS);
        assertThat(wrong.reply().text()).contains(pin).contains("nothing was sent");
        assertThat(server.mails()).hasSize(1);
    }

    @Test
    void showsItsOwnCertificateWhereTheServerAsks() throws Exception {
        SSLContext context = ServerKey.make(folder, "dns:localhost").context();
        server.close();
        server = new ScriptedServer(context, true).askingForCertificates();
        DeliveryResult shown = send(adapter(
                "host",
                "localhost",
                "tls",
                "implicit",
                "trustStore",
                "server.pem",
                "clientKey",
                "server.p12",
                "clientKeyPassword",
                "secret"));
        assertThat(only(shown).outcome()).as(shown.toString()).isEqualTo(Outcome.ACCEPTED);
        assertThat(server.commands()).contains("PEER CN=server");
        assertThat(only(send(adapter("host", "localhost", "tls", "implicit", "trustStore", "server.pem")))
                        .outcome())
                .isEqualTo(Outcome.DEFERRED);
    }

    private X509Certificate certificate() throws Exception {
        try (InputStream in = Files.newInputStream(folder.resolve("server.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static Delivery handled(Handling handling) {
        Delivery usual = delivery(MAIL, "a+b@customer.example");
        return new Delivery(
                usual.message(),
                usual.number(),
                usual.sender(),
                usual.recipients(),
                handling,
                usual.mail(),
                usual.transparency(),
                usual.sha256(),
                usual.mimeMessageId());
    }

    @Test
    void asksForTheHandlingThatTheServerKnows() throws Exception {
        Handling handling = new Handling(EnumSet.of(Notify.FAILURE, Notify.DELAY), true, false, Optional.of(-4));
        server.offering("250-test\r\n250-MT-PRIORITY\r\n250 DSN");
        SendAdapter adapter = adapter("messagesPerConnection", "1");
        assertThat(only(FakeAdapter.send(adapter, handled(handling), () -> true))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(server.commands())
                .contains(
                        "MAIL FROM:<billing@corp.example> RET=FULL ENVID=6f0c2b1e-0000-4000-8000-000000000001 MT-PRIORITY=-4",
                        "RCPT TO:<a+b@customer.example> NOTIFY=DELAY,FAILURE ORCPT=rfc822;a+2Bb@customer.example");
        server.commands().clear();
        server.offering("250 test");
        assertThat(only(FakeAdapter.send(adapter, handled(handling), () -> true))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(server.commands()).contains("MAIL FROM:<billing@corp.example>", "RCPT TO:<a+b@customer.example>");
    }

    @Test
    void givesNoMailThatNeedsTlsAllTheWayToAServerThatPromisesNone() throws Exception {
        Delivery delivery = handled(new Handling(EnumSet.noneOf(Notify.class), false, true, Optional.empty()));
        server.offering("250-test\r\n250 REQUIRETLS");
        Answer clear = only(FakeAdapter.send(adapter(), delivery, () -> true));
        assertThat(clear.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(clear.reply().text()).contains("REQUIRETLS, RFC 8689");
        assertThat(server.count("MAIL")).isZero();
        try (ScriptedServer secure =
                new ScriptedServer(ServerKey.make(folder, "dns:localhost").context())) {
            String[] relay = {
                "host",
                "localhost",
                "port",
                Integer.toString(secure.port()),
                "tls",
                "required",
                "trustStore",
                "server.pem",
                "messagesPerConnection",
                "1"
            };
            secure.offering("250-test\r\n250-REQUIRETLS\r\n250 STARTTLS");
            assertThat(only(FakeAdapter.send(adapter(relay), delivery, () -> true))
                            .outcome())
                    .isEqualTo(Outcome.ACCEPTED);
            assertThat(secure.commands()).contains("MAIL FROM:<billing@corp.example> REQUIRETLS");
            secure.offering("250-test\r\n250 STARTTLS");
            assertThat(only(FakeAdapter.send(adapter(relay), delivery, () -> true))
                            .outcome())
                    .isEqualTo(Outcome.REFUSED);
        }
    }

    @Test
    void speaksToAddressesThatAreNotAsciiWhereTheServerDoes() throws Exception {
        server.offering("250-test\r\n250 SMTPUTF8");
        DeliveryResult spoken = send(adapter(), "jörg@bücher.example", "a@bücher.example");
        assertThat(spoken.with(Outcome.ACCEPTED)).hasSize(2);
        String utf8 = new String("jörg@bücher.example".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(server.commands())
                .contains("RCPT TO:<" + utf8 + ">", "RCPT TO:<a@xn--bcher-kva.example>")
                .anyMatch(line -> line.startsWith("MAIL") && line.endsWith(" SMTPUTF8"));
    }

    @Test
    void refusesAnAddressThatTheServerCannotBeToldAndSendsToTheOthers() throws Exception {
        DeliveryResult result = send(adapter(), "jörg@customer.example", "a@bücher.example");
        assertThat(result.recipients())
                .extracting(RecipientResult::outcome)
                .containsExactly(Outcome.REFUSED, Outcome.ACCEPTED);
        assertThat(result.recipients().get(0).text()).contains("does not take SMTPUTF8");
        assertThat(only(send(adapter(), "jörg@customer.example")).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(server.count("MAIL")).isEqualTo(1);
    }

    @Test
    void logsOnWithATokenAskedForOnceAndWithAFreshOneWhenItIsRefused() throws Exception {
        SSLContext context = ServerKey.make(folder, "dns:localhost").context();
        AtomicInteger asked = new AtomicInteger();
        List<String> forms = new CopyOnWriteArrayList<>();
        HttpsServer tokens = HttpsServer.create(new InetSocketAddress("localhost", 0), 0);
        tokens.setHttpsConfigurator(new HttpsConfigurator(context));
        tokens.createContext("/token", exchange -> {
            forms.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
            byte[] answer = ("{\"access_token\":\"token-" + asked.incrementAndGet() + "\",\"expires_in\":3600}")
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        tokens.start();
        try {
            Origin origin = new Origin(folder.resolve("sendport.xml"), 1, 1);
            Map<String, Setting> attributes = new LinkedHashMap<>();
            Map.of(
                            "tokenEndpoint",
                            "https://localhost:" + tokens.getAddress().getPort() + "/token",
                            "clientId",
                            "id",
                            "clientSecret",
                            "s&cret",
                            "scope",
                            "mail")
                    .forEach((name, value) -> attributes.put(name, Setting.plain(value, origin)));
            Settings oauth2 = new Settings("oauth2", origin, attributes, List.of(), "");
            server.offering("250-test\r\n250 AUTH XOAUTH2");
            String[] relay = {
                "auth",
                "xoauth2",
                "user",
                "notices@corp.example",
                "allowClearText",
                "true",
                "trustStore",
                "server.pem",
                "messagesPerConnection",
                "1"
            };
            SendAdapter adapter = adapter(List.of(oauth2), relay);
            for (int i = 0; i < 3; i++) {
                DeliveryResult result = send(adapter);
                assertThat(only(result).outcome()).as(result.toString()).isEqualTo(Outcome.ACCEPTED);
                assertThat(result.toString()).doesNotContain("token-1").doesNotContain("s&cret");
            }
            assertThat(asked).hasValue(1);
            assertThat(forms.get(0)).contains("grant_type=client_credentials", "client_secret=s%26cret", "scope=mail");
            assertThat(server.commands()).contains("AUTH XOAUTH2 " + bearer("token-1"));
            server.on("AUTH XOAUTH2 " + bearer("token-1"), "535 5.7.3 expired");
            assertThat(only(send(adapter)).outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(asked).hasValue(2);
            // Google gives the reason as a challenge, and the 535 after an empty answer to it.
            server.on("AUTH", "334 eyJzdGF0dXMiOiI0MDEifQ==")
                    .on("AUTH XOAUTH2 " + bearer("token-1"), "334 eyJzdGF0dXMiOiI0MDEifQ==")
                    .on("AUTH XOAUTH2 " + bearer("token-2"), "334 eyJzdGF0dXMiOiI0MDEifQ==");
            assertThat(only(send(adapter)).phase()).isEqualTo(Phase.AUTH);
            assertThat(asked).as("one fresh token and no more").hasValue(3);
            assertThat(adapter.rest()).as("the account rests").isPresent();
        } finally {
            tokens.stop(0);
        }
    }

    private static String bearer(String token) {
        return Base64.getEncoder()
                .encodeToString(("user=notices@corp.example\001auth=Bearer " + token + "\001\001")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void understandsAnSsisConnectionString() throws Exception {
        server.offering("250-test\r\n250 AUTH NTLM");
        DeliveryResult plain = send(factory.create(
                element(
                        "connectionString",
                        "SmtpServer=127.0.0.1;UseWindowsAuthentication=False;EnableSsl=False;Timeout=120000;",
                        "port",
                        Integer.toString(server.port())),
                services()));
        assertThat(only(plain).outcome()).isEqualTo(Outcome.ACCEPTED);
        Settings windows = SsisConnection.translated(element(
                "connectionString", "SmtpServer=mail;UseWindowsAuthentication=True;EnableSsl=True;Timeout=2000;"));
        assertThat(windows.require("host")).isEqualTo("mail");
        assertThat(windows.require("auth")).isEqualTo("ntlm");
        assertThat(windows.require("tls")).isEqualTo("required");
        assertThat(windows.require("port")).isEqualTo("25");
        assertThat(windows.require("readTimeout")).isEqualTo("PT2S");
        assertThat(RelaySettings.check(
                                element(
                                        "connectionString",
                                        "SmtpServer=;EnableSsl=maybe;UserName=x;Colour=red;Timeout=soon"),
                                services())
                        .toString())
                .contains(
                        "names no SmtpServer",
                        "neither True nor False",
                        "SSIS itself ignores",
                        "is not known",
                        "milliseconds");
    }

    private Settings element(String... pairs) {
        Origin origin = new Origin(folder.resolve("sendport.xml"), 1, 1);
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put(pairs[i], Setting.plain(pairs[i + 1], origin));
        }
        return new Settings("smtp", origin, settings, List.of(), "");
    }

    @Test
    void masksASecretThatTheServerRepeats() throws Exception {
        server.offering("250-test\r\n250 AUTH PLAIN").on("AUTH", "535 5.7.8 bad " + PASSWORD);
        DeliveryResult result =
                send(adapter("auth", "basic", "user", "u", "password", PASSWORD, "allowClearText", "true"));
        assertThat(only(result).reply()).hasToString("535 5.7.8 bad ***");
        assertThat(result.toString()).doesNotContain(PASSWORD);
    }

    @Test
    void sendsNothingInTheClearWhenTlsIsRequired() throws Exception {
        server.offering("250 test");
        assertThat(only(send(adapter("tls", "required"))).phase()).isEqualTo(Phase.STARTTLS);
        server.offering("250-test\r\n250 STARTTLS").on("STARTTLS", "454 4.7.0 not now");
        assertThat(only(send(adapter("tls", "required", "ehlo", "other"))).outcome())
                .isEqualTo(Outcome.DEFERRED);
        assertThat(server.mails()).isEmpty();
        assertThat(server.count("MAIL")).isZero();
    }
}
