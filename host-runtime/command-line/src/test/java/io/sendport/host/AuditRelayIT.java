package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.host.box.MessageState;
import io.sendport.host.condition.ConditionKind;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No way leads past a host's audit relay: whoever tries one would knock at a door that is watched. */
@Timeout(300)
class AuditRelayIT {

    private static final String RELAY = "<auditRelay embedded='true' archive='var/relay'/>";
    private static final String MAIL = "<mail from='a@corp.example' to='b@customer.example' subject='s'/>";

    @TempDir
    private Path folder;

    private final AtomicInteger knocks = new AtomicInteger();
    private ServerSocket door;

    @BeforeEach
    void watch() throws IOException {
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread watcher = new Thread(this::count, "door");
        watcher.setDaemon(true);
        watcher.start();
    }

    private void count() {
        while (!door.isClosed()) {
            try (Socket visitor = door.accept()) {
                knocks.addAndGet(visitor.isConnected() ? 1 : 0);
            } catch (IOException e) {
                return;
            }
        }
    }

    @AfterEach
    void nobodyKnocked() throws IOException {
        door.close();
        assertThat(knocks).hasValue(0);
    }

    private String fill(String text) {
        return text.replace("DOOR", Integer.toString(door.getLocalPort()));
    }

    private static String host(String inside) {
        return "<messageBox url='jdbc:sqlite:var/sendport.db'/><host name='H'>" + RELAY + "</host>"
                + "<sendPort name='P' host='H'>" + MAIL + inside + "</sendPort>";
    }

    private long received() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("var/relay"))) {
            return files.filter(file -> file.toString().endsWith(".eml")).count();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<smtp host='127.0.0.1' port='DOOR' tls='none'/>",
                "<camel uri='smtp://127.0.0.1:DOOR'/>",
                "<camel uri='direct:out'/>",
                "<backupTransport><smtp host='127.0.0.1' port='DOOR' tls='none'/></backupTransport>",
                "<backupTransport><camel uri='smtp://127.0.0.1:DOOR'/></backupTransport>"
            })
    void cannotBeBypassedByAPort(String way) throws Exception {
        assertThatThrownBy(() -> RunningHost.start(folder, fill(host(way)))).hasMessageContaining("audit relay");
    }

    @Test
    void cannotBeBypassedByAnSmtpServerOfTheHost() throws Exception {
        String both = host("").replace(RELAY, RELAY + fill("<smtp host='127.0.0.1' port='DOOR' tls='none'/>"));
        assertThatThrownBy(() -> RunningHost.start(folder, both)).hasMessageContaining("auditRelay");
    }

    @Test
    void cannotBeBypassedByAPipelineComponent() throws Exception {
        String step = host("").replace("<sendPort name='P' host='H'>", "<sendPort name='P' host='H' pipeline='Out'>")
                + fill("<pipeline name='Out'><preAssemble><camel uri='smtp://127.0.0.1:DOOR'/></preAssemble>"
                        + "<assemble><mime/></assemble></pipeline>");
        try (RunningHost host = RunningHost.start(folder, step)) {
            MessageId id = host.submit("P", Body.of("hello", StandardCharsets.UTF_8));
            assertThat(host.await(
                                    id,
                                    row -> row.state() == MessageState.SUSPENDED
                                            || row.state().isEnd())
                            .state())
                    .isEqualTo(MessageState.SUSPENDED);
        } catch (Exception e) {
            assertThat(String.valueOf(e)).as("refused at start as well").contains("smtp");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smtp://127.0.0.1:DOOR?to=b@customer.example",
                "b@[127.0.0.1]",
                "mailto:b@customer.example?host=127.0.0.1&port=DOOR"
            })
    void cannotBeBypassedByTheAddressOfAMessage(String address) throws Exception {
        String dynamic = "<messageBox url='jdbc:sqlite:var/sendport.db'/><host name='H'>" + RELAY + "</host>"
                + "<sendPort name='P' host='H'><dynamic domains='*'/><mail from='a@corp.example' subject='s'/></sendPort>";
        try (RunningHost host = RunningHost.start(folder, dynamic)) {
            Context context = Context.empty().with(MessageProperties.OUTBOUND_LOCATION, fill(address));
            try {
                MessageId id = host.submit("P", Body.of("x", StandardCharsets.UTF_8), context);
                host.await(
                        id,
                        row -> row.state() == MessageState.SUSPENDED
                                || row.state().isEnd());
            } catch (SubmissionRefusedException e) {
                assertThat(received()).isZero();
            }
        }
    }

    @Test
    void cannotBeBypassedByMessageProperties() throws Exception {
        try (RunningHost host = RunningHost.start(folder, host(""))) {
            Context context = Context.empty();
            for (String name : List.of(
                    "SMTP.SMTPHost",
                    "mail.smtp.host",
                    "CamelMailHost",
                    "CamelSmtpHost",
                    "mail.smtp.port",
                    "smtp.host")) {
                context = context.with(name, name.endsWith("port") ? fill("DOOR") : "127.0.0.1");
            }
            MessageId id = host.submit("P", Body.of("hello", StandardCharsets.UTF_8), context);
            assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            assertThat(received()).isEqualTo(1);
        }
    }

    @Test
    void cannotBeBypassedByAReload() throws Exception {
        try (RunningHost host = RunningHost.following(folder, host(""))) {
            RunningHost.write(folder, fill(host("<smtp host='127.0.0.1' port='DOOR' tls='none'/>")));
            Patience.until(() -> host.told(ConditionKind.CONFIGURATION_REJECTED).contains("audit relay"));
            MessageId id = host.submit("P", Body.of("hello", StandardCharsets.UTF_8));
            assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            assertThat(received()).isEqualTo(1);
        }
    }
}
