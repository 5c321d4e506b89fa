package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageState;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What became of a message is told to whoever subscribes to that, in the transaction in which it became so. */
@Timeout(300)
class AcknowledgementIT {

    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private ScriptedServer customers;
    private ScriptedServer staff;
    private RunningHost host;

    @BeforeEach
    void start() throws Exception {
        customers = new ScriptedServer();
        staff = new ScriptedServer();
        host = RunningHost.start(folder, """
                <messageBox url='jdbc:sqlite:box.db'/>
                <host name='H'><retry count='0'/></host>
                <sendPort name='P' host='H'>
                  <smtp host='127.0.0.1' port='%d' tls='none'/><mail from='a@corp.example' to='b@customer.example'/>
                </sendPort>
                <sendPort name='Delivered' host='H'>
                  <smtp host='127.0.0.1' port='%d' tls='none'/>
                  <mail from='a@corp.example' to='staff@corp.example' subject='%%BTS.AckType%% %%BTS.AckID%% %%BTS.CorrelationToken%%'/>
                  <subscribe><all><match property='BTS.AckType' equals='ACK'/></all></subscribe>
                </sendPort>
                <sendPort name='Failed' host='H'>
                  <smtp host='127.0.0.1' port='%d' tls='none'/>
                  <mail from='a@corp.example' to='staff@corp.example' subject='%%BTS.AckType%% of %%BTS.AckSendPortName%%: %%BTS.AckDescription%%'/>
                  <subscribe><all><match property='BTS.AckType' equals='NACK'/></all></subscribe>
                </sendPort>
                """.formatted(customers.port(), staff.port(), staff.port()));
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        customers.close();
        staff.close();
    }

    private String told() throws Exception {
        Patience.until(() -> !staff.mails().isEmpty());
        return staff.mails().get(0);
    }

    @Test
    void sendsAnAckForADeliveredMessage() throws Exception {
        MessageId id = host.submit("P", BODY, Context.of(Map.of("BTS.CorrelationToken", "order-7")));
        assertThat(told()).contains("Subject: ACK " + id + " order-7");
    }

    @Test
    void sendsANackForAFailedMessage() throws Exception {
        customers.on("RCPT", "550 5.1.1 unknown");
        MessageId id = host.submit("P", BODY);
        assertThat(host.await(id, row -> row.state() == MessageState.SUSPENDED).state())
                .isEqualTo(MessageState.SUSPENDED);
        assertThat(told()).contains("Subject: NACK of P: ").contains("5.1.1");
    }

    /** Else they would go on for ever. */
    @Test
    void sendsNoAckForAnAck() throws Exception {
        host.submit("P", BODY, Context.of(Map.of("BTS.CorrelationToken", "x")));
        assertThat(told()).contains("Subject: ACK");
        // Whoever were told of it would be in the transaction in which it ends.
        Patience.until(() -> host.process().box().queries().list(MessageFilter.all(), Optional.empty()).stream()
                .allMatch(row -> row.state().isEnd()));
        assertThat(host.process().box().queries().list(MessageFilter.all(), Optional.empty()))
                .extracting(row -> row.port())
                .isEqualTo(List.of("P", "Delivered"));
        assertThat(staff.mails()).hasSize(1);
    }
}
