package io.sendport.smtp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.settings.Secret;
import io.sendport.smtp.relay.OAuth2;
import io.sendport.support.BoundedHttp;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens for one account. A token is requested once for all waiting connections, renewed five minutes before it expires, and
 * requested again when a server refuses it. Thread-safe.
 */
final class AccessTokens {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final int MAX_BYTES = 64 * 1024;
    private static final int SERVER_FAULT = 500;
    /** Request timeout, and too many requests. */
    private static final Set<Integer> NOT_NOW = Set.of(408, 429);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final OAuth2 settings;
    private final Clock clock;
    private final BoundedHttp http;
    private @Nullable Token token;
    private @Nullable Secret refreshToken;

    private record Token(Secret value, Instant until) {}

    /** {@code tls} determines the trust in the token endpoint. */
    AccessTokens(OAuth2 settings, SSLContext tls, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.refreshToken = settings.refreshToken().orElse(null);
        this.http = new BoundedHttp(BoundedHttp.client(TIMEOUT).sslContext(tls).build(), TIMEOUT);
    }

    /**
     * A token that is valid for a while.
     *
     * @throws SmtpException with the phase AUTH when no token is available; a later attempt may succeed
     */
    synchronized Secret current() throws SmtpException {
        Token known = token;
        if (known != null && clock.instant().isBefore(known.until())) {
            return known.value();
        }
        try {
            Token fresh = request();
            token = fresh;
            return fresh.value();
        } catch (IOException | RuntimeException e) {
            throw new SmtpException(
                    Phase.AUTH,
                    Reply.none("no access token from " + settings.tokenEndpoint() + ": " + e.getMessage()),
                    e);
        }
    }

    /** Discards a token that a server refused, unless it has already been replaced. */
    synchronized void forget(Secret refused) {
        Token known = token;
        if (known != null && known.value().equals(refused)) {
            token = null;
        }
    }

    private Token request() throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        Secret consent = refreshToken;
        form.put("grant_type", consent == null ? "client_credentials" : "refresh_token");
        if (consent != null) {
            form.put("refresh_token", consent.reveal());
        }
        form.put("client_id", settings.clientId());
        settings.clientSecret().ifPresent(secret -> form.put("client_secret", secret.reveal()));
        if (!settings.scope().isEmpty()) {
            form.put("scope", settings.scope());
        }
        String body = form.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        JsonNode answer = sent(HttpRequest.newBuilder(settings.tokenEndpoint())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        String value = answer.path("access_token").asText("");
        if (value.isEmpty()) {
            String error = answer.path("error").asText("the answer has no access_token");
            String described = answer.path("error_description").asText("");
            throw new IOException(
                    Text.printable(described.isEmpty() ? error : error + " " + described, 300) + " (check <oauth2>)");
        }
        String next = answer.path("refresh_token").asText("");
        if (!next.isEmpty() && consent != null) {
            // Some servers issue a new refresh token with each access token, and the old one becomes invalid.
            refreshToken = new Secret(next);
        }
        long seconds = Math.min(86_400, Math.max(60, answer.path("expires_in").asLong(3_600)));
        Duration good = Duration.ofSeconds(seconds);
        return new Token(
                new Secret(value),
                clock.instant()
                        .plus(good.compareTo(AHEAD.multipliedBy(2)) > 0 ? good.minus(AHEAD) : good.dividedBy(2)));
    }

    private JsonNode sent(HttpRequest request) throws IOException {
        HttpResponse<byte[]> answer;
        try {
            answer = http.send(request, MAX_BYTES);
        } catch (IOException e) {
            throw new NoTokenException(String.valueOf(e.getMessage()), e);
        }
        if (answer.statusCode() >= SERVER_FAULT || NOT_NOW.contains(answer.statusCode())) {
            throw new NoTokenException("status " + answer.statusCode());
        }
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new NoTokenException("status " + answer.statusCode() + " and the answer is not JSON", e);
        }
    }
}
