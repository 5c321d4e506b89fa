package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.testing.Deep;
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

/** Ports of one host that have nothing to do with each other. How fast they are beside each other, {@code io.sendport.bench.Neighbours} tells. */
@Timeout(300)
class NeighbourIT {

    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private static String port(String name, ScriptedServer server, String more) {
        return "<sendPort name='" + name + "' host='H'><smtp host='127.0.0.1' port='" + server.port() + "' tls='none' "
                + more + "/><mail from='a@corp.example' to='b@customer.example'/></sendPort>";
    }

    @Test
    void aHangingRelayDoesNotDelayOtherPorts() throws Exception {
        try (ScriptedServer hanging = new ScriptedServer().on("DOT", "HANG");
                ScriptedServer slow = new ScriptedServer().on("DOT", "SLOW 250 2.0.0 ok");
                ScriptedServer healthy = new ScriptedServer();
                RunningHost host = RunningHost.start(
                        folder,
                        "<messageBox url='jdbc:sqlite:box.db'/><host name='H'/>" + port("Hanging", hanging, "")
                                + port("Slow", slow, "maxConnections='1'") + port("Healthy", healthy, ""))) {
            List<MessageId> good = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                host.submit("Hanging", BODY);
                host.submit("Slow", BODY);
                good.add(host.submit("Healthy", BODY));
            }
            for (MessageId each : good) {
                assertThat(host.await(each, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            }
            assertThat(slow.mails()).as("the slow one is still at it").hasSizeLessThan(200);
            assertThat(hanging.mails()).as("and the other hangs").hasSizeLessThan(10);
            hanging.release();
        }
    }

    @Test
    void aRefusedLogOnIsNotRepeatedForEveryWaitingMessage() throws Exception {
        int waiting = Deep.times(100, 1_000);
        try (ScriptedServer server = new ScriptedServer()
                        .offering("250-test\r\n250 AUTH PLAIN")
                        .on("AUTH", "535 5.7.8 wrong");
                RunningHost host = RunningHost.start(
                        folder,
                        "<messageBox url='jdbc:sqlite:box.db'/><host name='H'><retry count='3' interval='PT1S'/></host>"
                                + port("P", server, "auth='basic' user='u' password='secret' allowClearText='true'"))) {
            List<MessageId> all = new ArrayList<>();
            for (int i = 0; i < waiting; i++) {
                all.add(host.submit("P", BODY));
            }
            Patience.until(() -> server.count("AUTH") > 0);
            Patience.whileItHolds(
                    "few log-ons, for longer than the interval of three retries",
                    Duration.ofSeconds(4),
                    () -> server.count("AUTH") <= 3);
            int spent = 0;
            for (MessageId each : all) {
                MessageRow row = host.row(each);
                assertThat(row.state()).isNotEqualTo(MessageState.SUSPENDED);
                spent += row.attempts();
            }
            assertThat(spent).isLessThanOrEqualTo(3);
        }
    }
}
