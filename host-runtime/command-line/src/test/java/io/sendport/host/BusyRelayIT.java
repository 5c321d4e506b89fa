package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A relay with fewer connections than there are messages, and no retries to spend on waiting. */
@Timeout(300)
class BusyRelayIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MESSAGES = 4;

    @TempDir
    private Path folder;

    private static Body body() {
        return Body.of("x", StandardCharsets.US_ASCII);
    }

    private static List<String> kinds(RunningHost host, MessageId id) {
        return host.records(id).stream().map(each -> each.header("kind")).toList();
    }

    @Test
    void messagesWaitForAConnectionWithoutUsingARetry() throws Exception {
        try (ScriptedServer server = new ScriptedServer().on("DOT", "HOLD 250 2.0.0 Ok");
                RunningHost host = RunningHost.start(folder, """
                        <messageBox url='jdbc:sqlite:box.db'/><host name='H'><retry count='0'/></host>
                        <sendPort name='P' host='H'>
                          <smtp host='127.0.0.1' port='%d' tls='none' maxConnections='1' readTimeout='%s'/>
                          <mail from='a@corp.example' to='b@customer.example'/>
                        </sendPort>
                        """.formatted(server.port(), TIMEOUT))) {
            MessageId first = host.submit("P", body());
            Patience.until("the first has the connection", () -> !server.mails().isEmpty());
            List<MessageId> waiting = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                waiting.add(host.submit("P", body()));
            }
            Patience.whileItHolds("no retry is spent", TIMEOUT.multipliedBy(3).dividedBy(2), () -> waiting.stream()
                    .allMatch(each -> host.row(each).attempts() == 0));
            for (MessageId each : waiting) {
                MessageRow row = host.row(each);
                assertThat(row.state()).isIn(MessageState.WAITING, MessageState.SENDING);
                assertThat(row.attempts()).isZero();
                assertThat(kinds(host, each)).containsExactly("SUBMITTED");
            }
            server.release();
            assertThat(host.await(first, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            for (MessageId each : waiting) {
                assertThat(host.await(each, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
                assertThat(kinds(host, each)).containsExactly("SUBMITTED", "ATTEMPT_STARTED", "ACCEPTED");
            }
            assertThat(server.mails()).hasSize(1 + MESSAGES);
        }
    }
}
