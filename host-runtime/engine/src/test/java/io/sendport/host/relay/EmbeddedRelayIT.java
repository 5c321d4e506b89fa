package io.sendport.host.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embedded relay, and who else on this machine connects to it. */
@Timeout(300)
class EmbeddedRelayIT {

    private static final int MAX_COUNT = 10;

    @TempDir
    private Path folder;

    private final List<Client> clients = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Client each : clients) {
            each.socket.close();
        }
    }

    private EmbeddedRelay relay(UnauthenticatedSessions strangers) throws IOException {
        return new EmbeddedRelay(
                folder.resolve("archive"), 1_000_000, Clock.systemUTC(), (message, entry) -> true, strangers);
    }

    private Client client(EmbeddedRelay relay) throws IOException {
        Client client = new Client(relay.port());
        clients.add(client);
        return client;
    }

    private static final class Client {
        private final Socket socket;
        private final BufferedReader in;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        String said() throws IOException {
            return String.valueOf(in.readLine());
        }

        String asked(String command) throws IOException {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return said();
        }

        void greet() throws IOException {
            assertThat(said()).startsWith("220");
            for (String line = asked("EHLO own"); line.startsWith("250-"); line = said()) {
                // What it offers.
            }
        }

        /** Greets and logs on; what the relay says to that. */
        String logOn(String password) throws IOException {
            greet();
            String secret = "\0" + EmbeddedRelay.USER + "\0" + password;
            return asked(
                    "AUTH PLAIN " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.US_ASCII)));
        }

        boolean hasEnded() {
            try {
                String line = in.readLine();
                while (line != null) {
                    line = in.readLine();
                }
                return true;
            } catch (java.net.SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true;
            }
        }
    }

    @Test
    void endsAConnectionThatDoesNotLogOnInTime() throws Exception {
        try (UnauthenticatedSessions strangers = new UnauthenticatedSessions(MAX_COUNT, Duration.ofSeconds(3));
                EmbeddedRelay relay = relay(strangers)) {
            Client own = client(relay);
            Client silent = client(relay);
            Client wrong = client(relay);
            Client talking = client(relay);
            Client asked = client(relay);
            assertThat(own.logOn(relay.password().reveal())).startsWith("235");
            assertThat(wrong.logOn("guessed")).startsWith("535");
            asked.greet();
            assertThat(asked.asked("AUTH LOGIN")).startsWith("334");
            assertThat(silent.hasEnded()).isTrue();
            assertThat(asked.hasEnded()).isTrue();
            assertThat(wrong.hasEnded()).isTrue();
            Patience.until("talking helps nobody", () -> {
                try {
                    return talking.asked("NOOP").equals("null");
                } catch (IOException e) {
                    return true;
                }
            });
            assertThat(strangers.count()).isZero();
            assertThat(own.asked("NOOP")).as("it has logged on").startsWith("250");
        }
    }

    @Test
    void limitsUnauthenticatedConnectionsAndClosesTheOldest() throws Exception {
        try (UnauthenticatedSessions strangers =
                        new UnauthenticatedSessions(MAX_COUNT, Patience.LIMIT.multipliedBy(2));
                EmbeddedRelay relay = relay(strangers)) {
            Client own = client(relay);
            assertThat(own.logOn(relay.password().reveal())).startsWith("235");
            List<Client> all = new ArrayList<>();
            for (int i = 0; i < 3 * MAX_COUNT; i++) {
                Client stranger = client(relay);
                assertThat(stranger.said()).startsWith("220");
                all.add(stranger);
            }
            assertThat(strangers.count()).isEqualTo(MAX_COUNT);
            for (Client each : all.subList(0, 2 * MAX_COUNT)) {
                assertThat(each.hasEnded()).isTrue();
            }
            for (Client each : all.subList(2 * MAX_COUNT, 3 * MAX_COUNT)) {
                assertThat(each.asked("NOOP")).isNotEqualTo("null");
            }
            Client another = client(relay);
            assertThat(another.logOn(relay.password().reveal())).startsWith("235");
            assertThat(own.asked("NOOP")).startsWith("250");
            assertThat(another.asked("NOOP")).startsWith("250");
        }
    }
}
