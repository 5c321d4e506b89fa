package io.sendport.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.host.observe.Health;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The HTTP server for metrics and health, after an unexpected error. */
@Timeout(120)
class ObserveEndpointIT {

    private final AtomicBoolean fails = new AtomicBoolean();
    private ObserveEndpoint observatory;

    @BeforeEach
    void start() throws Exception {
        observatory = new ObserveEndpoint(Optional.empty(), ObserveEndpoint.registry(), () -> {
            if (fails.get()) {
                throw new StackOverflowError("test");
            }
            return new Health(Map.of(), Map.of(), List.of());
        });
    }

    @AfterEach
    void stop() {
        observatory.close();
    }

    private int get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + observatory.address() + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void answersLaterRequestsAfterAnError() throws Exception {
        fails.set(true);
        // More often than it has threads.
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> get("/observe/health")).isInstanceOf(IOException.class);
        }
        assertThat(get("/observe/metrics")).isEqualTo(200);
        fails.set(false);
        assertThat(get("/observe/health")).isEqualTo(200);
    }

    @Test
    void aServerThatDoesNotAnswerIsReplaced() throws Exception {
        ObserveServer first = observatory.current();
        first.close();
        assertThat(first.answers()).isFalse();

        observatory.check();

        assertThat(observatory.current()).isNotSameAs(first);
        assertThat(get("/observe/health/live")).isEqualTo(200);
        ObserveServer second = observatory.current();
        observatory.check();
        assertThat(observatory.current()).as("it answers").isSameAs(second);
    }
}
