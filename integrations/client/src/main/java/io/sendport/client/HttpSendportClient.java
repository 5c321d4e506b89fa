package io.sendport.client;

import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
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

/** Submits over the HTTP API of docs/api.md. */
final class HttpSendportClient implements SendportClient {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** The server waits for a commit, and spools what may have a hundred megabytes first. */
    private static final Duration ANSWER = Duration.ofMinutes(5);
    /** A page of outcomes is the longest answer; what is longer comes from something else. */
    private static final int MAX_ANSWER = 32 * 1024 * 1024;

    private static final int NOT_FOUND = 404;
    /** What the API says of a submission that would be refused again. */
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
                .connectTimeout(CONNECT)
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
        Reply reply = ask(request("/api/v1/messages/" + id.value()).GET(), "Ask again later.");
        if (reply.status() == NOT_FOUND) {
            return new Answer.Unknown();
        }
        if (!reply.isGood()) {
            throw refusal(reply, "message " + id);
        }
        String state = AnswerJson.fields(reply.text(), "message").get("state");
        if (state == null) {
            throw new NotNowException(server + " did not say in which state message " + id + " is");
        }
        return new Answer.Admitted(state);
    }

    @Override
    public OutcomePage outcomes(OutcomePosition after) {
        String query = after.equals(OutcomePosition.BEGIN) ? "" : "?after=" + encoded(after.value());
        Reply reply = ask(request("/api/v1/outcomes" + query).GET(), "Ask again later.");
        if (!reply.isGood()) {
            throw refusal(reply, "outcomes");
        }
        try {
            return OutcomesJson.page(reply.text());
        } catch (IOException | IllegalArgumentException e) {
            throw new NotNowException(server + " gave outcomes that cannot be read: " + e.getMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + token.get())
                .header("Accept", "application/json");
    }

    /** What the server said, whatever it was. */
    private record Reply(int status, String text) {
        boolean isGood() {
            return status / 100 == 2;
        }
    }

    private Reply ask(HttpRequest.Builder request, String whatNow) {
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return new Reply(
                        response.statusCode(), new String(body.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8));
            }
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new NotNowException("Cannot connect to " + server + "; nothing was sent to it.", e);
        } catch (IOException e) {
            throw new NotNowException("No answer from " + server + ": " + reason(e) + ". " + whatNow, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotNowException("Interrupted while " + server + " was asked. " + whatNow, e);
        }
    }

    private static String reason(IOException e) {
        String text = e.getMessage();
        return text == null ? e.getClass().getSimpleName() : text;
    }

    private RuntimeException refusal(Reply reply, String what) {
        String detail = AnswerJson.fields(reply.text()).getOrDefault("detail", "no reason was given");
        String text = server + " answered " + reply.status() + " for " + what + ": " + detail;
        return REFUSED.contains(reply.status()) ? new SubmissionRefusedException(text) : new NotNowException(text);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        // The JDK's client before version 21 has nothing to close: its threads end with it.
    }
}
