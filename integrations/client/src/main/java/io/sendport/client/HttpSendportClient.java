package io.sendport.client;

import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.support.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Submits through the HTTP API; see docs/api.md. */
final class HttpSendportClient implements SendportClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** Long, because the server may spool a hundred megabytes and then wait for a commit. */
    private static final Duration RESPONSE_TIMEOUT = Duration.ofMinutes(5);
    /** More than a page of outcomes, which is the longest response of the API. */
    private static final int MAX_RESPONSE = 32 * 1024 * 1024;

    private static final int NOT_FOUND = 404;
    /** The server does not accept the token. */
    private static final Set<Integer> DENIED = Set.of(401, 403);
    /** Status codes for a submission that would be refused again. */
    private static final Set<Integer> REFUSED = Set.of(400, 404, 409, 413, 422);

    private final URI server;
    private final Supplier<String> token;
    private final HttpClient http;

    HttpSendportClient(URI server, Supplier<String> token) {
        boolean isHttp = "https".equalsIgnoreCase(server.getScheme()) || "http".equalsIgnoreCase(server.getScheme());
        boolean hasPath = server.getRawPath() != null
                && !server.getRawPath().replace("/", "").isEmpty();
        if (!isHttp || server.getHost() == null || hasPath || server.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "\"" + server + "\" is not the address of a server; expected http or https, a host and no path,"
                            + " such as https://sendport.corp.example:9877");
        }
        this.server = server;
        this.token = token;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public Receipt submit(Submission submission) {
        return publish(submission).get(0);
    }

    @Override
    public List<Receipt> publish(Submission submission) {
        FormBody form = FormBody.of(submission);
        String query = submission.port().isEmpty() ? "" : "?port=" + encoded(submission.port());
        HttpRequest.Builder request = request("/api/v1/messages" + query)
                .header("Content-Type", form.contentType())
                .POST(form.publisher());
        submission.dedupeKey().ifPresent(key -> request.header("Idempotency-Key", key));
        Reply reply = ask(
                request,
                "submit again",
                "It is not known whether the message was stored. "
                        + (submission.dedupeKey().isPresent()
                                ? "Submit it again with the same dedupe key."
                                : "It has no dedupe key, so check before you submit it again: sendport messages list"));
        List<Receipt> receipts = reply.isGood()
                ? AnswerJson.objects(reply.text()).stream()
                        .map(HttpSendportClient::receipt)
                        .toList()
                : List.of();
        if (receipts.isEmpty()) {
            throw refusal(reply, "the submission");
        }
        return receipts;
    }

    private static Receipt receipt(Map<String, String> item) {
        return new Receipt(
                new MessageId(item.getOrDefault("id", "")),
                item.getOrDefault("port", ""),
                Boolean.parseBoolean(item.get("duplicate")));
    }

    @Override
    public Answer answer(MessageId id) {
        Reply reply = ask(request("/api/v1/messages/" + id.value()).GET(), "ask again", "Ask again later.");
        if (reply.status() == NOT_FOUND) {
            return new Answer.Unknown();
        }
        if (!reply.isGood()) {
            throw refusal(reply, "message " + id);
        }
        String state = AnswerJson.fields(reply.text(), "message").get("state");
        if (state == null) {
            throw new NotNowException(server + " returned message " + id + " without a state. Check that the address is"
                    + " that of Sendport and not of a proxy, then ask again");
        }
        return new Answer.Admitted(state);
    }

    @Override
    public OutcomePage outcomes(OutcomePosition after) {
        String query = after.equals(OutcomePosition.BEGIN) ? "" : "?after=" + encoded(after.value());
        Reply reply = ask(request("/api/v1/outcomes" + query).GET(), "ask again", "Ask again later.");
        if (!reply.isGood()) {
            throw refusal(reply, "outcomes");
        }
        try {
            return OutcomesJson.page(reply.text());
        } catch (IOException | IllegalArgumentException e) {
            throw new NotNowException(
                    "Cannot parse the outcomes from " + server + ": " + e.getMessage()
                            + ". Check for a proxy in between; the client may also be older than the server",
                    e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(RESPONSE_TIMEOUT)
                .header("Authorization", "Bearer " + token.get())
                .header("Accept", "application/json");
    }

    /** A response of any status. */
    private record Reply(int status, String text) {
        boolean isGood() {
            return status / 100 == 2;
        }
    }

    /**
     * Sends the request.
     *
     * @param again what to do after the server could not be reached, such as "ask again"
     * @param whatNow what to do after the response was lost
     */
    private Reply ask(HttpRequest.Builder request, String again, String whatNow) {
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return new Reply(
                        response.statusCode(), new String(body.readNBytes(MAX_RESPONSE), StandardCharsets.UTF_8));
            }
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new NotNowException(
                    "Cannot connect to " + server + " (" + Failures.reason(e)
                            + "). Nothing was sent. Check the address and"
                            + " that a host instance with <console> runs there, then " + again,
                    e);
        } catch (IOException e) {
            throw new NotNowException("No answer from " + server + ": " + Failures.reason(e) + ". " + whatNow, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotNowException("Interrupted while waiting for a reply from " + server + ". " + whatNow, e);
        }
    }

    private RuntimeException refusal(Reply reply, String what) {
        String detail = AnswerJson.fields(reply.text()).getOrDefault("detail", "the response has no reason");
        String text = server + " answered " + reply.status() + " for " + what + ": " + detail
                + (DENIED.contains(reply.status())
                        ? ". Check the token: it is unknown or expired, or may not use this port"
                        : "");
        return REFUSED.contains(reply.status()) ? new SubmissionRefusedException(text) : new NotNowException(text);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        // Before Java 21, the JDK's client has no close method. Its threads end when it becomes unreachable.
    }
}
