package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageState;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.testing.NobodysPort;
import io.sendport.testing.Patience;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embedded relay and the server behind it, each spoken to by SMTP. */
@Timeout(300)
class NextHopIT {

    private static final Body HELLO = Body.of("hello", StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private static String configuration(int port) {
        return "<messageBox url='jdbc:sqlite:var/sendport.db'/>"
                + "<smtpConnection name='Exchange' host='127.0.0.1' port='" + port + "' tls='none'/>"
                + "<host name='H'><auditRelay embedded='true' archive='var/relay' nextHop='Exchange' maxMessageSize='20KB'/></host>"
                + "<sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example' subject='s'/>"
                + "<retry count='0'/></sendPort>";
    }

    /** On {@code port}, or any that is free for 0. */
    private static GreenMail server(int port) {
        ServerSetup setup = new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(Patience.LIMIT.toMillis());
        GreenMail mail = new GreenMail(setup);
        mail.start();
        return mail;
    }

    private static List<AuditRecord> relayed(RunningHost host, MessageId id) {
        return host.records(id).stream()
                .filter(record -> record.header("kind").equals("RELAYED"))
                .toList();
    }

    @Test
    void relaysArchivedMailWhenTheServerIsReachableAgain() throws Exception {
        int port;
        MessageId id;
        try (NobodysPort nobody = new NobodysPort();
                RunningHost host = RunningHost.start(folder, configuration(nobody.number()))) {
            port = nobody.number();
            id = host.submit("P", HELLO);
            assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            Patience.until(() -> !relayed(host, id).isEmpty());
            assertThat(relayed(host, id).get(0).secret().toString()).contains("deferred", "CONNECT");
            Patience.until(
                    () -> host.told(ConditionKind.AUDIT_RELAY_FAULT)
                            .matches(
                                    "(?s).*1 mail waits for the next hop, which has accepted none since .*; next attempt at .*CONNECT.*"));
        }
        Path waiting = folder.resolve("var/relay/waiting/1.json");
        assertThat(waiting).exists();
        // Nobody waits a minute in a test.
        Files.writeString(waiting, Files.readString(waiting).replaceFirst("\"due\":\"20\\d\\d", "\"due\":\"2020"));

        GreenMail server = server(port);
        try (RunningHost host = RunningHost.start(folder, configuration(port))) {
            assertThat(server.waitForIncomingEmail(Patience.LIMIT.toMillis(), 1))
                    .isTrue();
            Patience.until(() -> !Files.exists(waiting));
            assertThat(relayed(host, id)).hasSize(2);
            assertThat(relayed(host, id).get(1).detail("relay")).endsWith(":" + port);
            String started = host.records(id).stream()
                    .filter(record -> record.header("kind").equals("ATTEMPT_STARTED"))
                    .findFirst()
                    .orElseThrow()
                    .header("sha256");
            assertThat(relayed(host, id).get(1).header("sha256")).isEqualTo(started);
            var mail = server.getReceivedMessages()[0];
            assertThat(mail.getHeader("Received")).anyMatch(field -> field.contains("Sendport audit relay"));
            assertThat(mail.getHeader("Message-ID")[0]).contains(id.value());
        } finally {
            server.stop();
        }
    }

    @Test
    void refusesAMailThatIsTooLargeAndAcceptsTheNext() throws Exception {
        GreenMail server = server(0);
        try (RunningHost host =
                RunningHost.start(folder, configuration(server.getSmtp().getPort()))) {
            MessageId large =
                    host.submit("P", Body.of("x".repeat(70).concat("\r\n").repeat(1_000), StandardCharsets.UTF_8));
            assertThat(host.await(large, row -> row.state() == MessageState.SUSPENDED)
                            .lastError())
                    .contains("552", "5.3.4");
            MessageId small = host.submit("P", HELLO);
            assertThat(host.await(small, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            assertThat(server.waitForIncomingEmail(Patience.LIMIT.toMillis(), 1))
                    .isTrue();
        } finally {
            server.stop();
        }
        try (Stream<Path> files = Files.list(folder.resolve("var/relay"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".eml"))).hasSize(1);
        }
    }

    @Test
    void refusesMailWithoutALogOn() throws Exception {
        GreenMail server = server(0);
        try (RunningHost host =
                RunningHost.start(folder, configuration(server.getSmtp().getPort()))) {
            MessageId id = host.submit("P", HELLO);
            host.await(id, row -> row.state().isEnd());
            String relay = host.records(id).stream()
                    .filter(record -> record.header("kind").equals("ACCEPTED"))
                    .findFirst()
                    .orElseThrow()
                    .detail("relay");
            int port = Integer.parseInt(relay.substring(relay.lastIndexOf(':') + 1));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                    OutputStream out = socket.getOutputStream()) {
                in.readLine();
                out.write("HELO stranger\r\n".getBytes(StandardCharsets.US_ASCII));
                in.readLine();
                out.write("MAIL FROM:<evil@elsewhere.example>\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(in.readLine()).startsWith("530").satisfies(answer -> assertThat(
                                answer.toLowerCase(Locale.ROOT))
                        .contains("auth"));
            }
        } finally {
            server.stop();
        }
    }
}
