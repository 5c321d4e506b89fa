package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.config.port.PortState;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a message that names no port, or a group. */
@Timeout(300)
class SubscriptionIT {

    private static final String XML = "<alert xmlns='urn:ops'><severity>4</severity></alert>";

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private RunningHost host;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
        host = RunningHost.start(folder, """
                <messageBox url='jdbc:sqlite:box.db'/>
                <promote property='Severity' messageType='urn:ops#alert' xpath='/*/*'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
                <sendPort name='Urgent' host='H'>
                  <mail from='a@corp.example' to='urgent@customer.example'/>
                  <subscribe>
                    <all><match property='BTS.MessageType' equals='urn:ops#alert'/><match property='Severity' greaterOrEqual='3'/></all>
                    <all><match property='Audience' equals='urgent'/></all>
                  </subscribe>
                </sendPort>
                <sendPort name='Calm' host='H'>
                  <mail from='a@corp.example' to='calm@customer.example'/>
                  <subscribe><all><match property='Severity' less='3'/></all></subscribe>
                </sendPort>
                <sendPort name='Archive' host='H'>
                  <mail from='a@corp.example' to='archive@customer.example'/>
                </sendPort>
                <sendPortGroup name='Everyone'>
                  <member port='Urgent'/><member port='Calm'/><member port='Archive'/>
                  <subscribe><all><match property='Audience' exists='true'/></all></subscribe>
                </sendPortGroup>
                """.formatted(server.port()));
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        server.close();
    }

    private List<Receipt> publish(String to, String body, Map<String, String> context) {
        Part part = Part.body("application/xml", Body.of(body, StandardCharsets.UTF_8));
        return host.process()
                .submissionService()
                .publish(new Submission(to, Context.of(context), List.of(part), Optional.empty(), "test"));
    }

    private List<String> published(String to, String body, Map<String, String> context) throws Exception {
        List<Receipt> receipts = publish(to, body, context);
        for (Receipt each : receipts) {
            assertThat(host.await(each.id(), row -> row.state().isEnd()).state())
                    .isEqualTo(MessageState.DONE);
        }
        assertThat(receipts).extracting(Receipt::id).doesNotHaveDuplicates();
        return receipts.stream().map(Receipt::port).toList();
    }

    @Test
    void sendsToThePortWhoseSubscriptionMatchesTheContent() throws Exception {
        assertThat(published("", XML, Map.of())).containsExactly("Urgent");
        assertThat(published("", XML.replace("4", "2"), Map.of())).containsExactly("Calm");
        assertThat(server.commands()).contains("RCPT TO:<urgent@customer.example>", "RCPT TO:<calm@customer.example>");
    }

    @Test
    void goesToEveryMemberOfAGroupOnce() throws Exception {
        assertThat(published("Everyone", "<x/>", Map.of())).containsExactly("Urgent", "Calm", "Archive");
        assertThat(published("", "<x/>", Map.of("Audience", "urgent")))
                .as("by itself and through the group, but once")
                .containsExactly("Urgent", "Calm", "Archive");
        host.process().box().ports().set("Calm", PortState.UNENLISTED, new Actor("test", "closed"));
        // The submission service uses what it last saw for a moment.
        Patience.until("a port that is closed gets nothing", () -> publish("Everyone", "<x/>", Map.of()).stream()
                .noneMatch(each -> each.port().equals("Calm")));
        assertThat(published("Everyone", "<x/>", Map.of())).containsExactly("Urgent", "Archive");
    }

    @Test
    void refusesAndRecordsASubmissionThatNoPortSubscribesTo() {
        assertThatThrownBy(() -> published("", "<x/>", Map.of("Colour", "green")))
                .isInstanceOf(SubmissionRefusedException.class)
                .hasMessageContaining("no port subscribes to this message")
                .hasMessageContaining("Colour");
        List<AuditRecord> records = new ArrayList<>();
        host.process().box().ledger().read(AuditFilter.all().with("kind", "UNROUTED"), records::add);
        assertThat(records).hasSize(1);
        assertThatThrownBy(() -> published("Nobody", "<x/>", Map.of()))
                .hasMessageContaining("unknown send port or group \"Nobody\"")
                .hasMessageContaining("Everyone");
    }

    @Test
    void storesAllCopiesOrNone() {
        Part broken = Part.body("text/plain", new Body() {
            @Override
            public java.io.InputStream open() throws java.io.IOException {
                throw new java.io.IOException("gone");
            }

            @Override
            public long size() {
                return 3;
            }
        });
        assertThatThrownBy(() -> host.process()
                        .submissionService()
                        .publish(
                                new Submission("Everyone", Context.empty(), List.of(broken), Optional.empty(), "test")))
                .isInstanceOf(SubmissionRefusedException.class);
        assertThat(host.process().box().queries().ports()).isEmpty();
    }
}
