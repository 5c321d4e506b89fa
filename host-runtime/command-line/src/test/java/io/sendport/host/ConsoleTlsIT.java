package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Secret;
import io.sendport.config.ConsoleSettings;
import io.sendport.console.Console;
import io.sendport.console.api.ConfigurationAccess;
import io.sendport.host.pipeline.Extensions;
import io.sendport.testing.InTurn;
import io.sendport.testing.ServerKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console with a certificate, and with the one that takes its place. */
@Timeout(300)
@InTurn
class ConsoleTlsIT {

    @TempDir
    private Path folder;

    private ServerKey key(String name) throws Exception {
        return ServerKey.make(Files.createDirectory(folder.resolve(name)), "dns:localhost,ip:127.0.0.1");
    }

    @Test
    void loadsARenewedCertificateAndKeepsTheOldOneIfUnreadable() throws Exception {
        ServerKey first = key("first");
        ServerKey second = key("second");
        Path used = Files.copy(folder.resolve("first/server.p12"), folder.resolve("used.p12"));
        ConsoleSettings settings = new ConsoleSettings(
                "127.0.0.1",
                0,
                Set.of(),
                Optional.of(new ConsoleSettings.Tls(used, new Secret("secret"))),
                folder.resolve("tokens"),
                Optional.empty(),
                new Origin(folder.resolve("sendport.xml"), 1, 1));
        ConfigurationAccess nobody = new ConfigurationAccess(
                () -> {
                    throw new IllegalStateException("nobody asks");
                },
                Extensions.of(folder.resolve("plugins")));
        try (Console console = new Console(settings, nobody, Clock.systemUTC(), Duration.ofSeconds(1))) {
            assertThat(console.url()).startsWith("https://");
            int port = URI.create(console.url()).getPort();
            assertThat(answer(first, port)).as("the message box is not open").startsWith("HTTP/1.1 503 ");
            Files.writeString(used, "this is no key store");
            TimeUnit.SECONDS.sleep(11);
            assertThat(answer(first, port)).startsWith("HTTP/1.1 503 ");
            Path part = Files.copy(folder.resolve("second/server.p12"), folder.resolve("part"));
            Files.move(part, used, StandardCopyOption.ATOMIC_MOVE);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!isShown(second, port) && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(500);
            }
            assertThat(isShown(second, port)).isTrue();
        }
    }

    private static boolean isShown(ServerKey key, int port) throws IOException, GeneralSecurityException {
        try {
            return answer(key, port).startsWith("HTTP/1.1 ");
        } catch (SSLException e) {
            return false;
        }
    }

    private static String answer(ServerKey trusted, int port) throws IOException, GeneralSecurityException {
        try (SSLSocket socket =
                (SSLSocket) trusted.context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
