package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One mail for three: one takes it, one is refused for good, one is to come later. */
@Timeout(300)
class RefusedRecipientIT {

    private static final String REFUSED = "RCPT TO:<refused@customer.example>";
    private static final String LATER = "RCPT TO:<later@customer.example>";

    @TempDir
    private Path folder;

    private RunningHost host(ScriptedServer server, int mostRecipients, String retry) throws Exception {
        server.on(REFUSED, "550 5.1.1 no such user").on(LATER, "451 4.2.0 not now");
        return RunningHost.start(folder, """
                <messageBox url='jdbc:sqlite:box.db'/><host name='H'/>
                <sendPort name='P' host='H'>
                  <smtp host='127.0.0.1' port='%d' tls='none' maxRecipients='%d'/>
                  <mail from='a@corp.example' to='takes@customer.example, refused@customer.example, later@customer.example'/>
                  %s
                </sendPort>
                """.formatted(server.port(), mostRecipients, retry));
    }

    private static MessageId submitted(RunningHost host) {
        return host.submit("P", Body.of("x", StandardCharsets.US_ASCII));
    }

    /** In one delivery, and in one for each. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1})
    void isNotOfferedAgainWhileOthersAreRetried(int mostRecipients) throws Exception {
        try (ScriptedServer server = new ScriptedServer();
                RunningHost host = host(server, mostRecipients, "<retry count='1000' interval='PT0.05S'/>")) {
            MessageId id = submitted(host);
            assertThat(host.await(id, row -> row.attempts() >= 4).attempts()).isGreaterThanOrEqualTo(4);
            assertThat(server.count(REFUSED)).isEqualTo(1);
            assertThat(server.count("RCPT TO:<takes@")).isEqualTo(1);
            server.on(LATER, "250 2.1.5 Ok");
            MessageRow ended = host.await(id, row -> row.state() == MessageState.SUSPENDED);
            assertThat(ended.lastError()).isEqualTo("refused: RCPT 550 5.1.1 no such user (refused@customer.example)");
            assertThat(server.count(REFUSED)).isEqualTo(1);

            // A person mended the address at the relay.
            server.on(REFUSED, "250 2.1.5 Ok");
            assertThat(host.process()
                            .box()
                            .acts()
                            .act(MessageAct.RESUME, ended, new Actor("me", "the mailbox is there now")))
                    .isEmpty();
            assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            assertThat(server.count(REFUSED)).isEqualTo(2);
            assertThat(server.count("RCPT TO:<takes@")).isEqualTo(1);
        }
    }

    @Test
    void isOfferedAgainWhenAnOperatorResumesTheMessage() throws Exception {
        try (ScriptedServer server = new ScriptedServer();
                RunningHost host = host(server, 100, "<retry count='0'/>")) {
            MessageId id = submitted(host);
            MessageRow row = host.await(id, each -> each.state() == MessageState.SUSPENDED);
            server.on(REFUSED, "250 2.1.5 Ok").on(LATER, "250 2.1.5 Ok");
            assertThat(host.process().box().acts().act(MessageAct.RESUME, row, new Actor("me", "both are there now")))
                    .isEmpty();
            assertThat(host.await(id, each -> each.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            assertThat(server.mails()).hasSize(2);
        }
    }

    @Test
    void appearsAtOnceInPortsAndExplain() throws Exception {
        try (ScriptedServer server = new ScriptedServer();
                RunningHost host = host(server, 100, "<retry count='10' interval='PT1H'/>")) {
            MessageId id = submitted(host);
            MessageRow row = host.await(id, each -> each.state() == MessageState.RETRYING);
            String told =
                    "refused: RCPT 550 5.1.1 no such user (refused@customer.example); retrying the others: RCPT 451 4.2.0 not now";
            assertThat(row.lastError()).isEqualTo(told);
            assertThat(Installed.sendport(folder, "ports", "-c", "sendport.xml").out())
                    .contains(told);
            assertThat(Installed.sendport(folder, "messages", "explain", "-c", "sendport.xml", id.value())
                            .out())
                    .contains("last error   " + told)
                    .contains("refused@customer.example  refused: 550 5.1.1 no such user")
                    .contains("later@customer.example  deferred: 451 4.2.0 not now")
                    .contains("takes@customer.example  accepted: 250");
        }
    }

    /** It is the message that was refused, not the way. */
    @Test
    void isNotOfferedToTheBackupTransport() throws Exception {
        try (ScriptedServer server = new ScriptedServer();
                ScriptedServer backup = new ScriptedServer();
                RunningHost host = host(
                        server,
                        100,
                        "<retry count='0'/><backupTransport><smtp host='127.0.0.1' port='" + backup.port()
                                + "' tls='none'/></backupTransport>")) {
            MessageId id = submitted(host);
            host.await(id, each -> each.state() == MessageState.SUSPENDED);
            assertThat(backup.count("RCPT TO:<later@")).isEqualTo(1);
            assertThat(backup.count("RCPT")).isEqualTo(1);
        }
    }
}
