package io.sendport.component.timestamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.sendport.api.audit.TimeStamping;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class Rfc3161Test {

    private final Rfc3161 service = new Rfc3161();

    private static byte[] sha256(String text) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void returnsTheTimeAndSignerOfATimestamp() throws Exception {
        try (TestTsa tsa = new TestTsa()) {
            byte[] token = service.request(tsa.address(), sha256("checkpoint"));
            TimeStamping.Stamp stamp = service.verify(token, sha256("checkpoint"));
            assertThat(stamp.signer()).isEqualTo("CN=Test TSA");
            assertThat(stamp.certificate()).hasSize(64);
            assertThat(stamp.at()).isCloseTo(Instant.now(), Assertions.within(Duration.ofMinutes(1)));
        }
    }

    @Test
    void rejectsATokenForOtherDataOrAChangedToken() throws Exception {
        try (TestTsa tsa = new TestTsa()) {
            byte[] token = service.request(tsa.address(), sha256("checkpoint"));
            assertThatThrownBy(() -> service.verify(token, sha256("other")))
                    .isInstanceOf(GeneralSecurityException.class)
                    .hasMessageContaining("other data");
            int refused = 0;
            for (int i = 0; i < token.length; i += 7) {
                byte[] changed = token.clone();
                changed[i] ^= 1;
                try {
                    TimeStamping.Stamp stamp = service.verify(changed, sha256("checkpoint"));
                    assertThat(stamp.at())
                            .as("byte " + i + ": what isn't signed may differ, the time may not")
                            .isEqualTo(
                                    service.verify(token, sha256("checkpoint")).at());
                } catch (GeneralSecurityException e) {
                    refused++;
                }
            }
            assertThat(refused).isGreaterThan(token.length / 7 / 2);
        }
    }

    @Test
    void failsWhenTheServerIsUnavailableOrUnreachable() throws Exception {
        try (TestTsa tsa = new TestTsa()) {
            tsa.away(true);
            assertThatThrownBy(() -> service.request(tsa.address(), sha256("x")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("answered 503");
        }
        assertThatThrownBy(() -> service.request(URI.create("http://127.0.0.1:1/"), sha256("x")))
                .isInstanceOf(IOException.class);
    }

    /** Reading counts as well: a server may begin an answer and never end it. */
    @Test
    @Timeout(300)
    void givesUpOnAServerThatNeverEndsItsAnswer() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try {
            URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            assertThatThrownBy(() -> new Rfc3161(Duration.ofSeconds(1)).request(address, sha256("x")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(address + ": no answer within 1 s");
        } finally {
            ended.countDown();
            server.stop(0);
        }
    }
}
