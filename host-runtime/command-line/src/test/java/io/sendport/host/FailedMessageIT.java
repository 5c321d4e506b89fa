package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.AuditRecord;
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

/** What becomes of messages that failed: routed to who cares, or mended by a person. */
@Timeout(300)
class FailedMessageIT {

    private static final Body BODY = Body.of("the body", StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private ScriptedServer desk;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer().on("MAIL", "554 5.7.1 no");
        desk = new ScriptedServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        desk.close();
    }

    private RunningHost host(String routed, String subject, String subscriber) throws Exception {
        return RunningHost.start(
                folder, """
                <messageBox url='jdbc:sqlite:box.db'/>
                <host name='H'/>
                <sendPort name='P' host='H' %s>
                  <smtp host='127.0.0.1' port='%d' tls='none'/>
                  <mail from='a@corp.example' to='b@customer.example' subject='%s'/>
                  <subscribe><all><match property='Colour' equals='green'/></all></subscribe>
                </sendPort>
                %s
                """.formatted(routed, server.port(), subject, subscriber.formatted(desk.port())));
    }

    private static final String DESK = """
            <sendPort name='Desk' host='H'>
              <smtp host='127.0.0.1' port='%d' tls='none'/>
              <mail from='a@corp.example' to='desk@corp.example' subject='%%ErrorReport.SendPortName%% failed'>
                <body text='%%ErrorReport.Description%%'/><attach parts='all'/>
              </mail>
              <subscribe><all><match property='ErrorReport.ErrorType' equals='FailedMessage'/></all></subscribe>
            </sendPort>
            """;

    private static MessageRow settled(RunningHost host, MessageId id) throws Exception {
        return host.await(id, row -> row.state().isEnd() || row.state() == MessageState.SUSPENDED);
    }

    @Test
    void goesToThePortThatSubscribesToFailures() throws Exception {
        try (RunningHost host = host("routeFailedMessages='true'", "hello", DESK)) {
            MessageId id = host.submit("P", BODY, Context.of(Map.of("Colour", "green")));
            MessageRow row = host.await(id, each -> each.state().isEnd());
            assertThat(row.state()).isEqualTo(MessageState.TERMINATED);
            List<AuditRecord> records = host.records(id);
            assertThat(records).extracting(each -> each.header("kind")).endsWith("SUSPENDED", "TERMINATED");
            assertThat(records.get(records.size() - 1).detail("reason")).startsWith("failed, and routed to Desk as ");
            Patience.until(() -> !desk.mails().isEmpty());
            assertThat(desk.mails()).hasSize(1);
            assertThat(desk.mails().get(0)).contains("Subject: P failed").contains("MAIL 554 5.7.1 no");
            assertThat(server.count("MAIL"))
                    .as("it does not come back to the port that failed")
                    .isEqualTo(1);
        }
    }

    @Test
    void doesNotLoopWhenTheReportFailsToo() throws Exception {
        desk.on("MAIL", "554 5.7.1 no");
        try (RunningHost host = host(
                "routeFailedMessages='true'",
                "hello",
                DESK.replace("name='Desk'", "name='Desk' routeFailedMessages='true'"))) {
            MessageId id = host.submit("P", BODY);
            host.await(id, each -> each.state().isEnd());
            Patience.until(
                    "the suspended report",
                    () -> host.process().box().queries().ports().get("Desk").of(MessageState.SUSPENDED) == 1);
            // What failed is routed before the work on it ends.
            host.process().drain(Patience.LIMIT);
            assertThat(host.process().box().queries().list(MessageFilter.all(), Optional.empty()))
                    .extracting(MessageRow::port)
                    .containsExactlyInAnyOrder("P", "Desk");
            assertThat(host.process().box().queries().ports().get("Desk").of(MessageState.SUSPENDED))
                    .isEqualTo(1);
            assertThat(desk.count("MAIL")).isEqualTo(1);
        }
    }

    @Test
    void isRoutedEvenWhenItCouldNotBeAssembled() throws Exception {
        try (RunningHost host = host("routeFailedMessages='true'", "%NoSuchProperty%", DESK)) {
            MessageId id = host.submit("P", BODY);
            assertThat(host.await(id, each -> each.state().isEnd()).state()).isEqualTo(MessageState.TERMINATED);
            Patience.until(() -> !desk.mails().isEmpty());
            assertThat(desk.mails().get(0)).contains("NoSuchProperty");
        }
    }

    @Test
    void staysSuspendedWhenNoPortSubscribes() throws Exception {
        try (RunningHost host = host("routeFailedMessages='true'", "hello", "")) {
            assertThat(settled(host, host.submit("P", BODY)).state()).isEqualTo(MessageState.SUSPENDED);
        }
    }

    @Test
    void isSentAfterAnOperatorReassemblesIt() throws Exception {
        server.on("MAIL", "250 2.1.0 ok").on("RCPT", "550 5.1.1 unknown");
        try (RunningHost host = host("", "hello", "")) {
            MessageId id = host.submit("P", BODY);
            MessageRow row = settled(host, id);
            assertThat(row.state()).isEqualTo(MessageState.SUSPENDED);
            server.on("RCPT", "250 2.1.5 ok");
            assertThat(host.process()
                            .box()
                            .acts()
                            .act(MessageAct.REASSEMBLE, row, new Actor("test", "new certificate")))
                    .isEmpty();
            assertThat(host.await(id, each -> each.state().isEnd()).state()).isEqualTo(MessageState.DONE);
        }
    }

    @Test
    void isNotReassembledWhenARecipientMayHaveReceivedIt() throws Exception {
        server.on("MAIL", "250 2.1.0 ok").on("DOT", "RESET");
        try (RunningHost host = RunningHost.start(
                folder,
                "<messageBox url='jdbc:sqlite:box.db'/><host name='H'><retry count='0'/></host><sendPort name='P' host='H'><smtp host='127.0.0.1' port='"
                        + server.port()
                        + "' tls='none'/><mail from='a@corp.example' to='b@customer.example'/></sendPort>")) {
            MessageRow row = settled(host, host.submit("P", BODY));
            assertThat(host.process().box().acts().act(MessageAct.REASSEMBLE, row, new Actor("test", "")))
                    .hasValueSatisfying(why -> assertThat(why).contains("a recipient may have received it"));
        }
    }
}
