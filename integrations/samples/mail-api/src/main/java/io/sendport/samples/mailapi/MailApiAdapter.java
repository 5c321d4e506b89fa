package io.sendport.samples.mailapi;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Facts;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.PeerFault;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.settings.Secret;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/**
 * Sends through an HTTPS mail API like SendGrid's v3: {@code POST /v3/mail/send}. Thread-safe.
 *
 * <p>The API accepts the fields and parts of a mail, not its bytes. Use it only for mails without signature and encryption.
 */
public final class MailApiAdapter implements SendAdapter {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
    private static final int MAX_ANSWER = 2_000;

    private final URI server;
    private final Secret key;
    private final Duration timeout;
    private final HttpClient http;

    /**
     * Creates the adapter. Each parameter is a {@code <property>} of the element.
     *
     * @param server such as {@code https://api.sendgrid.com}
     * @param key the API key
     * @param timeout how long to wait for the response; one minute by default
     * @param certificate a PEM file with the authority that must have issued the server's certificate; by default the authorities of the
     *     JDK
     */
    public MailApiAdapter(URI server, Secret key, Optional<Duration> timeout, Optional<Path> certificate)
            throws IOException, GeneralSecurityException {
        if (!"https".equals(server.getScheme())) {
            throw new IllegalArgumentException("server is " + server + "; expected https://");
        }
        this.server = server;
        this.key = key;
        this.timeout = timeout.orElse(Duration.ofMinutes(1));
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).followRedirects(HttpClient.Redirect.NEVER);
        if (certificate.isPresent()) {
            builder.sslContext(TrustedAuthority.of(certificate.get()));
        }
        this.http = builder.build();
    }

    @Override
    public Connecting connect() {
        return new Connecting.Connected(new SendConnection() {
            @Override
            public DeliveryResult send(Delivery delivery, Lease lease) {
                return post(delivery, lease).from(server.getAuthority());
            }

            @Override
            public void close() {
                // The HTTP client manages its connections.
            }
        });
    }

    private DeliveryResult post(Delivery delivery, Lease lease) {
        byte[] json;
        try {
            json = MailJson.of(delivery);
        } catch (IOException e) {
            return DeliveryResult.deferred(delivery, "cannot read the mail: " + e.getMessage());
        } catch (MessagingException e) {
            return e.getNextException() instanceof IOException cause
                    ? DeliveryResult.deferred(delivery, "cannot read the mail: " + cause.getMessage())
                    : DeliveryResult.refused(delivery, String.valueOf(e.getMessage()));
        }
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/v3/mail/send"))
                .timeout(timeout)
                .header("Authorization", "Bearer " + key.reveal())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                .build();
        // After this check, the server may have the mail.
        if (!lease.isHeld()) {
            return DeliveryResult.deferred(delivery, "the lease on the message lapsed before the request");
        }
        long start = System.nanoTime();
        DeliveryResult result;
        try {
            result = answered(delivery, http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            result = DeliveryResult.deferred(delivery, "cannot connect to " + server.getAuthority())
                    .with(Contact.NONE)
                    .with(new PeerFault(PeerFault.Kind.UNREACHABLE, "cannot connect to " + server.getAuthority()));
        } catch (SSLHandshakeException e) {
            result = DeliveryResult.deferred(delivery, "cannot establish TLS: " + e.getMessage())
                    .with(Contact.NONE)
                    .with(new PeerFault(PeerFault.Kind.CERTIFICATE, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            result = DeliveryResult.inDoubt(delivery, "no answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result = DeliveryResult.inDoubt(delivery, "interrupted before the answer");
        }
        return result.took(Duration.ofNanos(System.nanoTime() - start));
    }

    private static DeliveryResult answered(Delivery delivery, HttpResponse<String> answer) {
        String text = answer.statusCode() + " "
                + answer.body().substring(0, Math.min(MAX_ANSWER, answer.body().length()));
        return switch (answer.statusCode()) {
            case 200, 201, 202 ->
                DeliveryResult.accepted(delivery, text)
                        .with(answer.headers()
                                .firstValue("X-Message-Id")
                                .map(id -> Facts.of("apiId", id))
                                .orElse(Facts.NONE));
            case 401, 403 -> DeliveryResult.deferred(delivery, text).with(new PeerFault(PeerFault.Kind.LOG_ON, text));
            case 408, 429 ->
                DeliveryResult.deferred(delivery, text)
                        .with(new Advice(retryAfter(answer), Optional.empty(), false, ""));
            default ->
                DeliveryResult.same(
                        delivery,
                        answer.statusCode() >= 500 ? Outcome.DEFERRED : Outcome.REFUSED,
                        Handover.HANDED_OVER,
                        text);
        };
    }

    private static Optional<Duration> retryAfter(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,5}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }

    @Override
    public int concurrency() {
        return 4;
    }

    @Override
    public void close() {
        // Garbage collection ends the HTTP client.
    }
}
