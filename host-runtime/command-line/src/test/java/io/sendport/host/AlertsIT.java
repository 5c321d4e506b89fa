package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.message.Body;
import io.sendport.config.read.Reading;
import io.sendport.host.alert.ChannelReply;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.PortAct;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.operate.check.AlertTrial;
import io.sendport.host.operate.check.EffectiveSettings;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.process.Validation;
import io.sendport.testing.Deep;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alerts of running hosts: mail at a server of its own, webhooks at another. */
@Timeout(300)
class AlertsIT {

    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);
    private static final String SECRET = "12345678901234567890";

    @TempDir
    private Path folder;

    private ScriptedServer mailServer;
    private final WebhookReceiver receiver = new WebhookReceiver();

    @BeforeEach
    void start() throws Exception {
        mailServer = new ScriptedServer();
    }

    @AfterEach
    void stop() throws Exception {
        mailServer.close();
        receiver.close();
    }

    private String alerts(String times) {
        return """
                <alerts %s>
                  <mail from='sendport@corp.example' to='ops@corp.example, Bj\u00f6rn &lt;night@corp.example&gt;'>
                    <smtp host='127.0.0.1' port='%d' tls='none'/></mail>
                  <webhook url='%s' secret='%s'/>
                </alerts>
                """.formatted(times, mailServer.port(), receiver.url("/hook"), SECRET);
    }

    private static JsonNode json(WebhookReceiver.Call call) {
        try {
            return new ObjectMapper().readTree(call.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> states(ConditionKind kind) {
        List<String> states = new ArrayList<>();
        for (WebhookReceiver.Call call : receiver.calls) {
            JsonNode body = json(call);
            body.path("conditions").forEach(each -> {
                if (each.path("kind").asText().equals(kind.word())) {
                    states.add(body.path("state").asText());
                }
            });
        }
        return states;
    }

    private static List<AuditRecord> alerted(RunningHost host) {
        List<AuditRecord> found = new ArrayList<>();
        host.process().box().ledger().read(AuditFilter.all().with("kind", "ALERTED"), found::add);
        return found;
    }

    @Test
    void reportAConditionAndItsEndOncePerChannelAndOnTheLedger() throws Exception {
        String content = "<messageBox url='jdbc:sqlite:sendport.db'/>" + alerts("pending='PT0S' calm='PT0S'")
                + "<host name='H'><smtp host='127.0.0.1' port='" + mailServer.port() + "' tls='none'/></host>"
                + "<sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example'/></sendPort>";
        try (RunningHost host = RunningHost.start(folder, content)) {
            host.process().operations().ports().act(PortAct.STOP, List.of("P"), new Actor("me@here", "test"), false);
            host.submit("P", BODY);
            Patience.until("the alert", () -> alerted(host).size() == 2);
            host.process().operations().ports().act(PortAct.START, List.of("P"), new Actor("me@here", "test"), false);
            Patience.until("the end", () -> alerted(host).size() == 4);
            assertThat(alerted(host))
                    .extracting(each -> each.header("channel") + " " + each.header("type"))
                    .containsExactlyInAnyOrder("mail firing", "webhook firing", "mail recovered", "webhook recovered");
            assertThat(alerted(host))
                    .allSatisfy(each -> assertThat(each.secret().toString())
                            .contains("portStopped")
                            .doesNotContain("corp.example"));
        }
        assertThat(states(ConditionKind.PORT_STOPPED)).containsExactly("firing", "recovered");
        List<String> mails = mailServer.mails().stream()
                .filter(each -> each.contains("Sendport-Alert-Id"))
                .toList();
        assertThat(mails).hasSize(2);
        String id = json(receiver.calls.get(0)).path("id").asText();
        assertThat(mails.get(0))
                .contains("Message-ID: <alert-" + id + "@corp.example>")
                .contains("Sendport-Alert-Id: " + id)
                .contains("Auto-Submitted: auto-generated")
                .containsPattern("Subject: \\[Sendport [^]]+] 1 problem: Port P has been");
        String text = new String(
                Base64.getMimeDecoder()
                        .decode(mails.get(0).substring(mails.get(0).indexOf("\r\n\r\n"))),
                StandardCharsets.UTF_8);
        assertThat(text)
                .contains("attention: Port P has been stopped since ")
                .contains("-> If it should run: `sendport ports start P`")
                .contains("sendport.db")
                .doesNotContain("customer.example");
    }

    @Test
    void aTestReportsTheReplyOfEachChannel() throws Exception {
        mailServer.on("RCPT", "550 5.1.1 nobody here");
        String alerts = alerts("").replace("</alerts>", "<heartbeat url='" + receiver.url("/beat") + "'/></alerts>");
        Reading reading = RunningHost.read(
                folder,
                alerts + "<host name='H'><smtp host='127.0.0.1' port='" + mailServer.port() + "' tls='none'/></host>"
                        + "<sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example'/></sendPort>");
        List<ChannelReply> replies = new ArrayList<>();
        AlertTrial trial = new AlertTrial(Extensions.of(folder.resolve("plugins")), Clock.systemUTC());
        assertThat(trial.run(reading, replies::add)).isFalse();
        assertThat(replies).extracting(ChannelReply::channel).containsExactly("mail", "webhook", "heartbeat");
        assertThat(replies).extracting(ChannelReply::accepted).containsExactly(false, true, true);
        assertThat(replies.get(0).text()).contains("550 5.1.1 nobody here");
        assertThat(replies.get(1).text()).contains("answered 200");
        assertThat(json(receiver.at("/hook").get(0)).path("state").asText()).isEqualTo("test");
        assertThat(Files.exists(folder.resolve("var"))).isFalse();
        assertThat(EffectiveSettings.of(
                        reading.configuration().orElseThrow().alerts().orElseThrow()))
                .anyMatch(line -> line.contains("webhook webhook at 127.0.0.1 secret=\"***\""))
                .anyMatch(line -> line.contains("pending=\"PT5M\""))
                .noneMatch(line -> line.contains(SECRET));
        assertThat(new Validation(Extensions.of(folder.resolve("plugins"))).validate(reading))
                .anySatisfy(each -> assertThat(each.toString())
                        .contains("warning: <alerts> <mail>: port P sends through the same server"));
    }

    @Test
    void twoHostsReportAnOutageOnceWhenOneOfThemIsKilled() throws Exception {
        assumeTrue(Deep.isOn(), "starts a database and a process; AlertSpeakerTest has the shorter form");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String content = """
                <messageBox url='%s' user='postgres' lease='PT3S'/>
                %s
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/><retry count='1000' interval='PT1S'/></host>
                <sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example'/></sendPort>
                """.formatted(TestPostgres.newDatabase(), alerts("pending='PT3S' calm='PT10S'"), port);
        Path other = Files.createDirectories(folder.resolve("other"));
        RunningHost.write(other, content);
        Process relay = null;
        Process killed = Installed.run(other, "", "sendport.xml");
        try (RunningHost host = RunningHost.start(Files.createDirectories(folder.resolve("own")), content)) {
            for (int i = 0; i < 20; i++) {
                host.submit("P", BODY);
            }
            Patience.until("the alert", () -> alerted(host).size() >= 2);
            // The one that told it, since it started first and holds the lease.
            assertThat(alerted(host).get(0).header("instance"))
                    .isNotEqualTo(host.process().instanceIds().get(0));
            killed.destroyForcibly();
            Patience.untilEnd(killed);
            Patience.until(
                    "the takeover",
                    () -> host.process().box().instances().alive().size() == 1);
            Path mails = folder.resolve("mails");
            relay = Sink.start(mails, "nowhere", port);
            Patience.until(
                    "the end", () -> states(ConditionKind.RELAY_UNREACHABLE).contains("recovered"));
            Patience.whileItHolds(
                    "one alert and one recovery", Duration.ofSeconds(15), () -> states(ConditionKind.RELAY_UNREACHABLE)
                            .equals(List.of("firing", "recovered")));
            assertThat(Files.readAllLines(mails)).doesNotHaveDuplicates().hasSize(20);
        } finally {
            if (relay != null) {
                relay.destroyForcibly();
            }
            killed.destroyForcibly();
        }
    }
}
