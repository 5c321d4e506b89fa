package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several ports log on with one account. */
@Timeout(120)
@InTurn
class SharedAccountIT {

    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    @Test
    void aRefusedAccountIsOneConditionForAllItsPorts() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.offering("250-test\r\n250 AUTH PLAIN").on("AUTH", "535 5.7.8 no");
            try (RunningHost host = RunningHost.start(folder, """
                    <smtpConnection name='S' host='127.0.0.1' port='%d' tls='none' auth='basic' user='u' password='p'
                                    allowClearText='true'/>
                    <host name='H'><smtp connection='S'/><mail from='a@corp.example' to='b@customer.example'/></host>
                    <sendPort name='A' host='H'/><sendPort name='B' host='H'/>
                    """.formatted(server.port()))) {
                host.submit("A", BODY);
                Patience.until(
                        () -> !host.told(ConditionKind.CREDENTIAL_REFUSED).isEmpty());
                host.submit("B", BODY);
                Patience.until(
                        "B waits for the account",
                        () -> !host.told(ConditionKind.PORT_PAUSED).isEmpty()
                                || refused(host).ports().contains("B"));
                assertThat(host.told(ConditionKind.PORT_PAUSED)).isEmpty();
                assertThat(refused(host).ports()).containsExactly("A", "B");
            }
        }
    }

    private static Condition refused(RunningHost host) {
        List<Condition> all = host.process().health().conditions().stream()
                .filter(each -> each.kind() == ConditionKind.CREDENTIAL_REFUSED)
                .toList();
        assertThat(all).hasSize(1);
        return all.get(0);
    }
}
