package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Message;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/sendport run} sets for the whole process, since an embedded engine must not. */
@Timeout(300)
@InTurn
class RunOptionsIT {

    private static final int CLIENTS = 50;
    /** The limit is ten seconds, and the server looks for what exceeds it every ten. */
    private static final int MUCH_LONGER_THAN_THE_LIMIT_MILLIS = 60_000;

    private static final Pattern OBSERVED = Pattern.compile("http://[^:]+:(\\d+)/observe");

    @TempDir
    private Path folder;

    private Process process;

    /** Takes all memory at the first start, and none later. */
    public record TakesAllMemory(Path taken) implements MessageComponent {
        private static final Deque<byte[]> ALL = new ConcurrentLinkedDeque<>();

        @Override
        public Optional<Message> process(Message message, MessageScope scope) throws IOException {
            try {
                Files.createFile(taken);
            } catch (FileAlreadyExistsException e) {
                return Optional.of(message);
            }
            while (true) {
                ALL.add(new byte[1 << 20]);
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (process != null) {
            process.destroyForcibly();
            Patience.untilEnd(process);
        }
    }

    private void run(String options) throws Exception {
        process = Installed.run(folder, options, "sendport.xml");
    }

    private Installed.Result sendport(String... arguments) throws Exception {
        Installed.Result result = Installed.sendport(folder, arguments);
        assertThat(result.status()).as(result.out() + result.err()).isZero();
        return result;
    }

    @Test
    void aHostThatRunsOutOfMemoryExitsAndSendsAllAfterARestart() throws Exception {
        PluginJar.write(folder.resolve("home/plugins"), TakesAllMemory.class);
        String options = "-Xmx96m -Dsendport.home=" + folder.resolve("home");
        try (ScriptedServer relay = new ScriptedServer()) {
            Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns="urn:sendport:config:1">
                      <host name="H"><smtp host="127.0.0.1" port="%d" tls="none"/></host>
                      <pipeline name="Large">
                        <preAssemble>
                          <component class="%s"><property name="taken" value="%s"/></component>
                        </preAssemble>
                      </pipeline>
                      <sendPort name="P" host="H" pipeline="Large"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                      <sendPort name="Q" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                    </sendport>
                    """.formatted(
                            relay.port(), TakesAllMemory.class.getName(), folder.resolve("taken")));
            Files.writeString(folder.resolve("body.txt"), "hello");
            List<String> ids = new ArrayList<>();
            for (String port : List.of("P", "Q", "P")) {
                ids.add(sendport("submit", "-c", "sendport.xml", "--port", port, "body.txt")
                        .out()
                        .strip()
                        .split("\\s+")[0]);
            }
            // It may end before it says that it is ready.
            process = Installed.start(
                    folder,
                    options,
                    folder.resolve("first.out"),
                    folder.resolve("first.log"),
                    "run",
                    "-c",
                    "sendport.xml");
            Patience.untilEnd(process);
            assertThat(process.exitValue())
                    .as("the service manager starts it again")
                    .isEqualTo(3);
            assertThat(Installed.read(folder.resolve("first.out")) + Installed.read(folder.resolve("first.log")))
                    .contains("OutOfMemoryError");

            run(options);
            Patience.until(
                    "all are sent",
                    () -> sendport("messages", "list", "-c", "sendport.xml", "--state", "done")
                                    .out()
                                    .lines()
                                    .filter(line -> ids.stream().anyMatch(line::contains))
                                    .count()
                            == ids.size());
            assertThat(relay.mails())
                    .as("each once, but for what was being sent when memory ran out")
                    .hasSizeBetween(ids.size(), ids.size() + 2);
        }
    }

    /** Half a request holds a thread of the server only for a while. */
    @Test
    void disconnectsClientsThatSendHalfARequestAndAnswersOthers() throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <host name="H"/>
                </sendport>
                """);
        run("");
        List<String> options = List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "-Dsun.net.httpserver.maxReqTime=10",
                "-Dsun.net.httpserver.maxRspTime=10",
                "-Dsun.net.httpserver.nodelay=true");
        assertThat(Installed.read(Installed.SCRIPT)).contains(options);
        assertThat(Installed.read(Installed.SCRIPT.resolveSibling("sendport.cmd")))
                .as("the same on Windows")
                .contains(options);
        Matcher place = OBSERVED.matcher(Installed.read(folder.resolve("run.log")));
        assertThat(place.find()).isTrue();
        int port = Integer.parseInt(place.group(1));
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(say(port, "GET /observe/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Sl"));
            }
            try (Socket other =
                    say(port, "GET /observe/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")) {
                assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200");
            }
            for (Socket client : clients) {
                // Ends when the server closes the connection; the socket's own limit would throw.
                assertThat(client.getInputStream().readAllBytes()).isEmpty();
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static Socket say(int port, String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(MUCH_LONGER_THAN_THE_LIMIT_MILLIS);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }
}
