package io.sendport.host.alert;

import io.sendport.api.adapter.Lease;
import io.sendport.api.settings.Secret;
import io.sendport.config.AlertSettings;
import io.sendport.host.condition.alert.Alert;
import io.sendport.support.BoundedHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sends alerts as signed JSON. Calls only the configured URL and does not follow redirects. The signature is an HMAC (RFC 2104) with
 * SHA-256 over the time and the body. A receiver can therefore refuse a forged or old alert.
 */
final class WebhookChannel implements Channel {

    /** The header field with the signature. */
    static final String SIGNATURE = "Sendport-Signature";
    /** The header field with the id of the alert. */
    static final String ALERT_ID = "Sendport-Alert-Id";

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final long MAX_BYTES = 64 * 1024;
    private static final int FIRST_REDIRECT = 300;

    private final AlertSettings.Webhook settings;
    private final Clock clock;
    private final BoundedHttp http = new BoundedHttp(TIMEOUT);

    WebhookChannel(AlertSettings.Webhook settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public ChannelReply send(Alert alert, AlertSender sender, Lease lease) throws InterruptedException {
        if (!lease.isHeld()) {
            return new ChannelReply(name(), false, "another process sends alerts now");
        }
        byte[] body = AlertJson.of(alert, sender);
        HttpRequest request = HttpRequest.newBuilder(settings.url())
                .header("Content-Type", "application/json")
                .header("User-Agent", "Sendport")
                .header(ALERT_ID, alert.id())
                .header(SIGNATURE, signature(settings.secret(), clock.instant().getEpochSecond(), body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return call(name(), http, request);
    }

    /** Calls a server. The reply has its name and the status, but not the path of the URL or the body, because they may be secret. */
    static ChannelReply call(String name, BoundedHttp http, HttpRequest request) throws InterruptedException {
        String server = server(request.uri());
        try {
            HttpResponse<byte[]> response = http.send(request, MAX_BYTES);
            return new ChannelReply(
                    name, response.statusCode() / 100 == 2, server + " answered " + status(response.statusCode()));
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return new ChannelReply(name, false, server + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return new ChannelReply(name, false, server + " cannot be called: " + e.getMessage());
        }
    }

    private static String status(int status) {
        return status + (status >= FIRST_REDIRECT && status < 400 ? ", a redirect, which is not followed" : "");
    }

    private static String server(URI url) {
        return url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    /** Returns the value of {@value #SIGNATURE} for a body that is sent at {@code second}, in seconds since 1970. */
    static String signature(Secret secret, long second, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((second + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + second + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("this Java runtime has no HMAC-SHA-256", e);
        }
    }

    @Override
    public void close() {
        // The HTTP client needs no closing.
    }
}
