package io.sendport.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.PeerFault;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.smtp.sasl.NtlmServer;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Phase;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.ServerKey;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an adapter logs on, turns to TLS and keeps secrets. */
@Timeout(300)
@InTurn
class SmtpAdapterSecurityIT extends AdapterFixture {

    private X509Certificate certificate() throws Exception {
        try (InputStream in = Files.newInputStream(folder.resolve("server.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static String bearer(String token) {
        return Base64.getEncoder()
                .encodeToString(("user=notices@corp.example\001auth=Bearer " + token + "\001\001")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** Clear text that arrives after the answer to STARTTLS may come from anyone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "220 go\r\n250-injected\r\n250 AUTH PLAIN",
                "220 go\r\n250 ok",
                "220 go\r\n220 go",
                "220 go\r\n\0\0"
            })
    void sendsNothingAfterTextInjectedBeforeTheTlsHandshake(String injected) throws Exception {
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
    void sendsNothingWhenTheServerOffersNoLogOn() throws Exception {
        Answer result =
                only(send(adapter("auth", "basic", "user", "u", "password", PASSWORD, "allowClearText", "true")));
        assertThat(result.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(result.phase()).isEqualTo(Phase.AUTH);
        assertThat(result.reply().text()).contains("offers no log-on and no STARTTLS; nothing was sent");
        assertThat(server.mails()).isEmpty();
        assertThat(server.count("MAIL")).isZero();
    }

    @Test
    void sendsNoPasswordInClearText() throws Exception {
        server.offering("250-test\r\n250 AUTH PLAIN LOGIN");
        Answer result = only(send(adapter("auth", "basic", "user", "u", "password", PASSWORD)));
        assertThat(result.reply().text()).contains("does not offer TLS");
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
    void answersAnNtlmChallengeWithNtlmV2AndTheHostIdentity() throws Exception {
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
    void startsTlsAndVerifiesTheServerCertificate() throws Exception {
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
    void sendsQuitOverTls(String tls) throws Exception {
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
    void fallsBackToClearTextOnlyWhenAllowedAndRecordsIt() throws Exception {
        server.offering("250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS").on("STARTTLS", "454 4.7.0 not now");
        DeliveryResult fallen = send(adapter("tls", "opportunistic"));
        assertThat(only(fallen).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(fallen.facts().get("tls")).isEqualTo("clear text, because STARTTLS failed: 454 4.7.0 not now");
        Answer withAccount =
                only(send(adapter("tls", "opportunistic", "auth", "basic", "user", "u", "password", PASSWORD)));
        assertThat(withAccount.phase()).isEqualTo(Phase.AUTH);
        assertThat(server.count("AUTH")).isZero();
        assertThat(only(send(adapter("tls", "required"))).outcome()).isEqualTo(Outcome.DEFERRED);
    }

    private String pin() throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256")
                        .digest(certificate().getPublicKey().getEncoded()));
    }

    @Test
    void acceptsOnlyThePinnedKey() throws Exception {
        SSLContext context = ServerKey.make(folder, "dns:localhost").context();
        server.close();
        server = new ScriptedServer(context, true);
        String pin = pin();
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
    void trustsAPinnedKeyWithoutACertificateAuthority() throws Exception {
        SSLContext context = ServerKey.make(folder, "dns:elsewhere.example").context();
        server.close();
        server = new ScriptedServer(context, true);
        String pin = pin();
        DeliveryResult right = send(adapter("host", "localhost", "tls", "implicit", "pinnedKey", pin));
        assertThat(only(right).outcome()).as(right.toString()).isEqualTo(Outcome.ACCEPTED);
        DeliveryResult wrong = send(adapter("host", "localhost", "tls", "implicit", "pinnedKey", "A".repeat(43) + "="));
        assertThat(only(wrong).outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(wrong.fault().orElseThrow().kind()).isEqualTo(PeerFault.Kind.CERTIFICATE);
        assertThat(server.mails()).hasSize(1);
    }

    @Test
    void presentsAClientCertificateWhenTheServerRequestsIt() throws Exception {
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
        assertThat(expiring()).contains("of clientKey server.p12", "of relay localhost:" + server.port());
        assertThat(only(send(adapter("host", "localhost", "tls", "implicit", "trustStore", "server.pem")))
                        .outcome())
                .isEqualTo(Outcome.DEFERRED);
    }

    /** Started; its certificate is in {@code server.pem}. */
    private HttpsServer tokenServer(HttpHandler handler) throws Exception {
        HttpsServer tokens = HttpsServer.create(new InetSocketAddress("localhost", 0), 0);
        tokens.setHttpsConfigurator(
                new HttpsConfigurator(ServerKey.make(folder, "dns:localhost").context()));
        tokens.createContext("/token", handler);
        tokens.start();
        return tokens;
    }

    private SendAdapter withTokensOf(HttpsServer tokens) throws Exception {
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
        return adapter(List.of(oauth2), relay);
    }

    @Test
    void distinguishesAnUnavailableTokenServerFromARefusedAccount() throws Exception {
        AtomicReference<String> answer = new AtomicReference<>("");
        HttpsServer tokens = tokenServer(exchange -> {
            byte[] body = answer.get().getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(body.length == 0 ? 503 : 400, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        try {
            server.offering("250-test\r\n250 AUTH XOAUTH2");
            SendAdapter adapter = withTokensOf(tokens);
            assertThat(send(adapter).fault().orElseThrow().kind()).isEqualTo(PeerFault.Kind.NO_TOKEN);
            assertThat(adapter.rest()).as("the account may be good").isEmpty();
            answer.set("{\"error\":\"invalid_client\"}");
            assertThat(send(adapter).fault().orElseThrow().kind()).isEqualTo(PeerFault.Kind.LOG_ON);
            tokens.stop(0);
            DeliveryResult away = send(adapter);
            assertThat(away.fault().orElseThrow().kind()).as(away.toString()).isEqualTo(PeerFault.Kind.NO_TOKEN);
            assertThat(only(away).outcome()).isEqualTo(Outcome.DEFERRED);
        } finally {
            tokens.stop(0);
        }
    }

    @Test
    void reusesTheTokenAndRequestsANewOneWhenItIsRefused() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<String> forms = new CopyOnWriteArrayList<>();
        HttpsServer tokens = tokenServer(exchange -> {
            forms.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
            byte[] answer = ("{\"access_token\":\"token-" + asked.incrementAndGet() + "\",\"expires_in\":3600}")
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        try {
            server.offering("250-test\r\n250 AUTH XOAUTH2");
            SendAdapter adapter = withTokensOf(tokens);
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
