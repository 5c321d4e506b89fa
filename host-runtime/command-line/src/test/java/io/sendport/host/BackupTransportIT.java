package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A second way out: after the retries of the first, at once where an answer says so, and while the first rests. */
@Timeout(300)
class BackupTransportIT {

    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private ScriptedServer first;
    private ScriptedServer second;

    @BeforeEach
    void start() throws Exception {
        first = new ScriptedServer();
        second = new ScriptedServer();
    }

    @AfterEach
    void stop() throws Exception {
        first.close();
        second.close();
    }

    private RunningHost host(String smtp, String replies) throws Exception {
        return RunningHost.start(folder, """
                <messageBox url='jdbc:sqlite:box.db'/>
                <host name='H'><retry count='1' interval='PT0.2S'/></host>
                <sendPort name='P' host='H'>
                  <smtp host='127.0.0.1' port='%d' tls='none' %s>%s</smtp>
                  <mail from='a@corp.example' to='b@customer.example'/>
                  <backupTransport>
                    <smtp host='127.0.0.1' port='%d' tls='none'/>
                    <retry count='2' interval='PT0.1S'/>
                  </backupTransport>
                </sendPort>
                """.formatted(first.port(), smtp, replies, second.port()));
    }

    private static MessageRow ended(RunningHost host, MessageId id) throws Exception {
        return host.await(id, row -> row.state().isEnd() || row.state() == MessageState.SUSPENDED);
    }

    @Test
    void isUsedAfterTheRetriesOfTheFirstTransport() throws Exception {
        first.on("MAIL", "451 4.3.0 later");
        try (RunningHost host = host("", "")) {
            MessageId id = host.submit("P", BODY);
            MessageRow row = ended(host, id);
            assertThat(row.state()).as(row.lastError()).isEqualTo(MessageState.DONE);
            assertThat(row.attempts()).isEqualTo(3);
            assertThat(first.count("MAIL")).isEqualTo(2);
            assertThat(second.mails()).hasSize(1);
            List<AuditRecord> records = host.records(id);
            assertThat(records)
                    .extracting(each -> each.header("kind"))
                    .containsExactly(
                            "SUBMITTED",
                            "ATTEMPT_STARTED",
                            "DEFERRED",
                            "ATTEMPT_STARTED",
                            "DEFERRED",
                            "ATTEMPT_STARTED",
                            "ACCEPTED");
            assertThat(records.get(4).detail("next")).startsWith("the backup transport: not accepted in 2 attempts");
            assertThat(records.get(5).detail("transport")).isEqualTo("backup");
        }
    }

    @Test
    void hasItsOwnRetriesBeforeTheMessageIsSuspended() throws Exception {
        first.on("MAIL", "451 4.3.0 later");
        second.on("MAIL", "451 4.3.0 later");
        try (RunningHost host = host("", "")) {
            MessageId id = host.submit("P", BODY);
            assertThat(ended(host, id).state()).isEqualTo(MessageState.SUSPENDED);
            assertThat(first.count("MAIL")).isEqualTo(2);
            assertThat(second.count("MAIL")).isEqualTo(3);
            second.on("MAIL", "250 2.1.0 ok");
            first.on("MAIL", "250 2.1.0 ok");
            MessageRow row = host.row(id);
            assertThat(host.process()
                            .box()
                            .acts()
                            .act(MessageAct.RESUME, row, new io.sendport.host.box.control.Actor("test", "mended")))
                    .isEmpty();
            assertThat(ended(host, id).state()).isEqualTo(MessageState.DONE);
            assertThat(first.mails()).as("resumed over the first").hasSize(1);
        }
    }

    @Test
    void isUsedAtOnceWhenAReplyRuleRequestsIt() throws Exception {
        first.on("MAIL", "554 5.7.1 blocked");
        try (RunningHost host = host("", "<replies><reply enhanced='5.7.1' action='backup'/></replies>")) {
            MessageId id = host.submit("P", BODY);
            assertThat(ended(host, id).state()).isEqualTo(MessageState.DONE);
            assertThat(first.count("MAIL")).isEqualTo(1);
        }
    }

    @Test
    void isUsedAfterTheFirstRelayRefusesTheLogOn() throws Exception {
        first.offering("250-test\r\n250 AUTH PLAIN").on("AUTH", "535 5.7.8 wrong");
        try (RunningHost host = host("auth='basic' user='u' password='secret' allowClearText='true'", "")) {
            for (int i = 0; i < 20; i++) {
                MessageId id = host.submit("P", BODY);
                assertThat(ended(host, id).state()).isEqualTo(MessageState.DONE);
            }
            assertThat(first.count("AUTH")).isEqualTo(1);
            assertThat(second.mails()).hasSize(20);
        }
    }
}
