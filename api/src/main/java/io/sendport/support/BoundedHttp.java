package io.sendport.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches small responses from other servers. It limits the time of the whole exchange and the size of the response, and follows no
 * redirect. No method takes or returns null. Thread-safe.
 */
public final class BoundedHttp {

    private final HttpClient client;
    private final Duration timeout;

    /** Waits at most {@code timeout} for each response, from the connection to the last byte. */
    public BoundedHttp(Duration timeout) {
        this(client(timeout).build(), timeout);
    }

    /** As {@link #BoundedHttp(Duration)}, with a client made of {@link #client}. */
    public BoundedHttp(HttpClient client, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
    }

    /** A client for {@link #BoundedHttp(HttpClient, Duration)}. The caller adds what it needs, such as trust settings. */
    public static HttpClient.Builder client(Duration timeout) {
        return HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
    }

    /**
     * Returns the body of a response with status 200.
     *
     * @param request a request without a timeout
     * @throws IOException with the address and the reason: no answer in time, another status, more than {@code mostBytes}
     */
    public byte[] fetch(HttpRequest request, long mostBytes) throws IOException {
        HttpResponse<byte[]> response;
        try {
            response = send(request, mostBytes);
        } catch (IOException e) {
            throw new IOException(request.uri() + ": " + e.getMessage(), e);
        }
        if (response.statusCode() != 200) {
            throw new IOException(request.uri() + " answered " + response.statusCode());
        }
        return response.body();
    }

    /**
     * Returns the response, whatever its status.
     *
     * @param request a request without a timeout
     * @throws IOException with the reason: no answer in time, more than {@code mostBytes}, no connection
     */
    public HttpResponse<byte[]> send(HttpRequest request, long mostBytes) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, info -> new Bounded(mostBytes));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + timeout.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(Failures.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for an answer", e);
        } finally {
            answer.cancel(true);
        }
    }

    /** Stops reading at the first byte above the limit. */
    private static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {
        private final long most;
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Flow.@Nullable Subscription subscription;

        Bounded(long most) {
            this.most = most;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (bytes.size() + buffer.remaining() > most) {
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    body.completeExceptionally(new IOException("the answer has more than " + most + " bytes"));
                    return;
                }
                byte[] piece = new byte[buffer.remaining()];
                buffer.get(piece);
                bytes.writeBytes(piece);
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
