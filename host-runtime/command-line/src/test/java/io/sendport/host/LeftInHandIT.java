package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.config.port.PortState;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that a living instance has leased and does not have in its hand is taken over while the instance goes on. */
@Timeout(600)
@InTurn
class LeftInHandIT {

    @TempDir
    private Path folder;

    private ScriptedServer relay;
    private ScriptedServer hanging;
    private RunningHost host;

    @BeforeEach
    void start() throws Exception {
        relay = new ScriptedServer();
        hanging = new ScriptedServer().on("DOT", "HANG");
    }

    private void startOn(String store) throws Exception {
        String url = store.equals("postgresql") ? TestPostgres.newDatabase() : "jdbc:sqlite:box.db";
        host = RunningHost.start(folder, """
                <messageBox url='%s' user='postgres' lease='PT6S'/>
                <host name='H'/>
                <sendPort name='P' host='H' initialState='stopped'>
                  <smtp host='127.0.0.1' port='%d' tls='none'/><mail from='a@corp.example' to='b@customer.example'/>
                </sendPort>
                <sendPort name='Q' host='H'>
                  <smtp host='127.0.0.1' port='%d' tls='none'/><mail from='a@corp.example' to='b@customer.example'/>
                </sendPort>
                """.formatted(url, relay.port(), hanging.port()));
    }

    @AfterEach
    void stop() throws Exception {
        hanging.release();
        host.close();
        hanging.close();
        relay.close();
    }

    private MessageId submit(String port) {
        return host.submit(port, Body.of("x", StandardCharsets.US_ASCII));
    }

    /** As after a claim whose answer never reached the port. */
    private void lease(MessageId id, String instance) {
        host.process().box().store().change(transaction -> assertThat(transaction
                        .handle()
                        .execute(
                                "UPDATE message SET state = 'SENDING', queued = 0, lease_owner = ? WHERE id = ?",
                                instance,
                                id.value()))
                .isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void reclaimsAMessageWithALostClaimButNotOneInProgress(String store) throws Exception {
        startOn(store);
        MessageId inHand = submit("Q");
        Patience.until("the relay has it", () -> !hanging.mails().isEmpty());
        assertThat(hanging.mails()).as("the relay has it and does not answer").hasSize(1);
        MessageId left = submit("P");
        String instance = host.process().instanceIds().get(0);
        lease(left, instance);
        host.process().box().ports().set("P", PortState.STARTED, new Actor("me@here", "test"));

        MessageRow row = host.await(left, each -> each.state().isEnd());
        assertThat(row.state()).as("what was left").isEqualTo(MessageState.DONE);
        assertThat(row.attempts()).isEqualTo(1);
        assertThat(relay.mails()).hasSize(1);
        assertThat(host.records(left))
                .extracting(record -> record.header("kind"))
                .containsExactly("SUBMITTED", "ATTEMPT_STARTED", "ACCEPTED");
        assertThat(host.process().instanceIds()).as("the same instance").containsExactly(instance);
        assertThat(host.row(inHand).state()).as("what it has in hand").isEqualTo(MessageState.SENDING);
        assertThat(host.row(inHand).attempts()).isEqualTo(1);
        assertThat(hanging.mails()).hasSize(1);
    }
}
