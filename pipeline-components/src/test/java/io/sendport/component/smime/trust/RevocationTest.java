package io.sendport.component.smime.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;
import io.sendport.component.smime.Office;
import io.sendport.component.smime.Pki;
import io.sendport.support.BoundedHttp;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who says that a certificate was revoked, whom to believe, and what a server that misbehaves can do. */
@Timeout(300)
class RevocationTest {

    private static final String CUSTOMER = "accounts@customer.example";
    private static final Entity PLAIN = new Entity(
            HeaderFields.none().plus("Content-Type", "text/plain"), Body.of("x\r\n", StandardCharsets.US_ASCII));

    @TempDir
    private Path folder;

    private Pki.Id root;
    private Pki.Id issuer;
    private HttpServer web;
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    @BeforeEach
    void start() throws Exception {
        root = Pki.root("CN=Root");
        issuer = Pki.issue(root, "CN=Issuer", "P-256", Pki.authority());
        Files.createDirectories(folder.resolve("certs"));
        Files.writeString(folder.resolve("trust.pem"), Pki.pem(root.certificate()) + Pki.pem(issuer.certificate()));
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        web.start();
    }

    @AfterEach
    void stop() {
        ended.countDown();
        web.stop(0);
    }

    private String at(String path) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + path;
    }

    private void encrypt(String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "encrypt",
                "true",
                "recipientCertificates",
                "certs",
                "trustStore",
                "trust.pem",
                "revocationTimeout",
                Patience.LIMIT.toString()));
        all.addAll(List.of(more));
        new Office(folder).encoded(PLAIN, CUSTOMER, all.toArray(String[]::new));
    }

    private Pki.Id listed() throws Exception {
        Pki.Id customer = Pki.person(issuer, CUSTOMER, "RSA", Pki.list(at("/list")));
        customer.pem(folder.resolve("certs/customer.pem"));
        Pki.Id plain = Pki.issue(root, "CN=Issuer", "P-256", Pki.authority());
        assertThat(plain.certificate()).isNotNull();
        return customer;
    }

    private void serveList(Instant from, Instant until, Map<BigInteger, Instant> revoked) throws Exception {
        byte[] list = Pki.revocationList(issuer, from, until, revoked);
        web.createContext("/list", exchange -> answer(exchange, list));
    }

    private void answer(HttpExchange exchange, byte[] bytes) throws IOException {
        asked.incrementAndGet();
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Only the customer's certificate names a list; in {@code hard} the issuer's own would be unknown. */
    private Revocation.Answer ask(RevocationLists lists, Pki.Id customer, Instant now) {
        return lists.ask(java.net.URI.create(at("/list")), customer.certificate(), issuer.certificate(), now);
    }

    private static RevocationLists lists(Duration timeout, long most) {
        return new RevocationLists(new BoundedHttp(timeout), most);
    }

    @Test
    void refusesACertificateOnARevocationList() throws Exception {
        Pki.Id customer = listed();
        Instant now = Instant.now();
        serveList(
                now.minusSeconds(60),
                now.plusSeconds(3600),
                Map.of(customer.certificate().getSerialNumber(), now.minusSeconds(90)));
        assertThatThrownBy(() -> encrypt("revocation", "soft"))
                .hasMessageContaining("was revoked")
                .hasMessageContaining("get a new one");
    }

    @Test
    void fetchesAListOnceForManyMessages() throws Exception {
        Pki.Id customer = listed();
        Instant now = Instant.now();
        serveList(now.minusSeconds(60), now.plus(Duration.ofDays(1)), Map.of());
        RevocationLists lists = lists(Patience.LIMIT, 100_000);
        for (int i = 0; i < 50; i++) {
            assertThat(ask(lists, customer, now).status()).isEqualTo(Revocation.Status.GOOD);
        }
        assertThat(asked).hasValue(1);
        assertThat(ask(lists, customer, now.plus(Duration.ofHours(2))).status()).isEqualTo(Revocation.Status.GOOD);
        assertThat(asked).hasValue(2);
        web.stop(0);
        assertThat(ask(lists, customer, now.plus(Duration.ofHours(4))).status())
                .as("the old list holds until its next update")
                .isEqualTo(Revocation.Status.GOOD);
        assertThat(ask(lists, customer, now.plus(Duration.ofDays(2))).status()).isEqualTo(Revocation.Status.UNKNOWN);
    }

    @Test
    void separatesListsOfAuthoritiesThatShareAUrl() throws Exception {
        Pki.Id customer = listed();
        Instant now = Instant.now();
        serveList(now.minusSeconds(60), now.plus(Duration.ofDays(1)), Map.of());
        RevocationLists lists = lists(Patience.LIMIT, 100_000);
        assertThat(ask(lists, customer, now).status()).isEqualTo(Revocation.Status.GOOD);
        Pki.Id other = Pki.root("CN=Other");
        assertThat(lists.ask(
                                java.net.URI.create(at("/list")),
                                Pki.person(other, CUSTOMER, "P-256").certificate(),
                                other.certificate(),
                                now)
                        .status())
                .isEqualTo(Revocation.Status.UNKNOWN);
    }

    @Test
    void doesNotReplaceAListWithAnOlderOne() throws Exception {
        Pki.Id customer = listed();
        Instant now = Instant.now();
        byte[] newer = Pki.revocationList(
                issuer,
                now.minusSeconds(60),
                now.plus(Duration.ofDays(9)),
                Map.of(customer.certificate().getSerialNumber(), now.minusSeconds(90)));
        byte[] older =
                Pki.revocationList(issuer, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(9)), Map.of());
        web.createContext("/list", exchange -> answer(exchange, asked.get() == 0 ? newer : older));
        RevocationLists lists = lists(Patience.LIMIT, 100_000);
        assertThat(ask(lists, customer, now).status()).isEqualTo(Revocation.Status.REVOKED);
        assertThat(ask(lists, customer, now.plus(Duration.ofHours(2))).status()).isEqualTo(Revocation.Status.REVOKED);
        assertThat(asked).hasValue(2);
    }

    @Test
    void aHangingServerDelaysOnlyOneMessage() throws Exception {
        Pki.Id customer = listed();
        web.createContext("/list", exchange -> {
            asked.incrementAndGet();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        RevocationLists lists = lists(Duration.ofSeconds(2), 100_000);
        Instant now = Instant.now();
        for (int i = 0; i < 50; i++) {
            Revocation.Answer answer = ask(lists, customer, now);
            assertThat(answer.status()).isEqualTo(Revocation.Status.UNKNOWN);
            assertThat(answer.by()).contains("no answer within");
        }
        Patience.until("the request", () -> asked.get() > 0);
        assertThat(asked).hasValue(1);
    }

    @Test
    void readsNoMoreOfAListThanAllowed() throws Exception {
        Pki.Id customer = listed();
        web.createContext("/list", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[64 * 1024];
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 1600; i++) {
                    out.write(piece);
                    asked.incrementAndGet();
                }
            }
        });
        Revocation.Answer answer = ask(lists(Patience.LIMIT, 1_000_000), customer, Instant.now());
        assertThat(answer.status()).isEqualTo(Revocation.Status.UNKNOWN);
        assertThat(answer.by()).contains("more than 1000000 bytes");
        assertThat(asked.get()).as("100 MB were not sent").isLessThan(800);
    }

    @ParameterizedTest
    @ValueSource(strings = {"somebody else's", "garbage", "of last week"})
    void ignoresAForeignInvalidOrExpiredRevocationList(String what) throws Exception {
        Pki.Id customer = listed();
        Instant now = Instant.now();
        byte[] bytes =
                switch (what) {
                    case "somebody else's" ->
                        Pki.revocationList(Pki.root("CN=Issuer"), now.minusSeconds(9), now.plusSeconds(900), Map.of());
                    case "garbage" -> "<html>".getBytes(StandardCharsets.US_ASCII);
                    default ->
                        Pki.revocationList(
                                issuer, now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(7)), Map.of());
                };
        web.createContext("/list", exchange -> answer(exchange, bytes));
        assertThat(ask(lists(Patience.LIMIT, 100_000), customer, now).status()).isEqualTo(Revocation.Status.UNKNOWN);
        encrypt("revocation", "soft");
        assertThatThrownBy(() -> encrypt("revocation", "hard")).hasMessageContaining("cannot determine whether");
    }

    private void serveOcsp(Pki.Id signer, Map<BigInteger, CertificateStatus> known, boolean delegated) {
        web.createContext("/ocsp", exchange -> {
            try {
                OCSPReq request = new OCSPReq(exchange.getRequestBody().readNBytes(65_536));
                X509CertificateHolder certificate = new JcaX509CertificateHolder(signer.certificate());
                BasicOCSPRespBuilder builder = new BasicOCSPRespBuilder(new RespID(certificate.getSubject()));
                Instant now = Instant.now();
                for (Req each : request.getRequestList()) {
                    builder.addResponse(
                            each.getCertID(),
                            known.get(each.getCertID().getSerialNumber()),
                            Date.from(now.minusSeconds(60)),
                            Date.from(now.plusSeconds(3600)));
                }
                answer(
                        exchange,
                        new OCSPRespBuilder()
                                .build(
                                        OCSPRespBuilder.SUCCESSFUL,
                                        builder.build(
                                                Pki.signer(signer.key(), null),
                                                delegated ? new X509CertificateHolder[] {certificate} : null,
                                                Date.from(Instant.now())))
                                .getEncoded());
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"issuer,GOOD", "delegate,GOOD", "stranger,UNKNOWN", "issuer,REVOKED"})
    void acceptsOcspResponsesOnlyFromTheIssuerOrItsDelegate(String who, Revocation.Status expected) throws Exception {
        Pki.Id customer = Pki.person(issuer, CUSTOMER, "RSA", Pki.responder(at("/ocsp")));
        Pki.Id signer =
                switch (who) {
                    case "issuer" -> issuer;
                    case "delegate" ->
                        Pki.issue(issuer, "CN=Responder", "RSA", Pki.purpose(KeyPurposeId.id_kp_OCSPSigning));
                    default -> Pki.person(issuer, "stranger@customer.example", "RSA");
                };
        Map<BigInteger, CertificateStatus> known = new HashMap<>();
        if (expected == Revocation.Status.REVOKED) {
            known.put(customer.certificate().getSerialNumber(), new RevokedStatus(Date.from(Instant.EPOCH), 1));
        }
        serveOcsp(signer, known, !who.equals("issuer"));
        OcspClient client = new OcspClient(new BoundedHttp(Patience.LIMIT));
        for (int i = 0; i < 5; i++) {
            assertThat(client.ask(
                                    Extensions.ocspResponders(customer.certificate())
                                            .get(0),
                                    customer.certificate(),
                                    issuer.certificate(),
                                    Instant.now())
                            .status())
                    .isEqualTo(expected);
        }
        assertThat(asked).as("an answer is kept").hasValue(1);
    }
}
