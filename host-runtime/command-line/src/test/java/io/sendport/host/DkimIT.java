package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Finding;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.settings.Problem;
import io.sendport.component.dkim.DkimKey;
import io.sendport.component.dkim.DnsResponder;
import io.sendport.component.dkim.Verifiers;
import io.sendport.config.read.Reading;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.operate.check.Diagnosis;
import io.sendport.host.operate.check.EffectiveSettings;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.process.Validation;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.ServerKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mails signed with DKIM, from the configuration to the wire. Verifiers of others judge what the server has received. */
@Timeout(300)
class DkimIT {

    private static final String DKIM = "<dkim domain='corp.example' selector='s1' signingKey='dkim.pem'/>";
    private static final DkimKey KEY = DkimKey.shared();

    @TempDir
    private Path folder;

    @BeforeEach
    void writeKey() throws Exception {
        KEY.write(folder.resolve("dkim.pem"));
    }

    private static String port(String name, String pipeline, String mail) {
        return "<sendPort name='" + name + "' host='H' pipeline='" + pipeline + "'>" + mail
                + "<retry count='9' interval='PT0.05S'/></sendPort>\n";
    }

    private static String configuration(int server) {
        return """
                <messageBox url='jdbc:sqlite:box.db'/>
                <host name='H'>
                  <smtp host='127.0.0.1' port='%d' tls='none'/>
                  %s
                  <mail from='Billing &lt;billing@mail.corp.example>' to='accounts@customer.example'/>
                </host>
                <pipeline name='Raw'><assemble><mime contentTransferEncoding='8bit'/></assemble></pipeline>
                """.formatted(server, DKIM)
                + port("Plain", "PassThruTransmit", "")
                + port("Raw", "Raw", "<mail subject='%s'/>".formatted("Gr\u00fc\u00dfe ".repeat(60)))
                + port(
                        "Attached",
                        "PassThruTransmit",
                        "<mail><header name='X-Long' value='%s'/><body type='text/html'>&lt;p>See the file.&lt;/p></body>"
                                        .formatted("word ".repeat(150))
                                + "<attach parts='body' name='invoice.xml'/></mail>")
                + port("Stray", "PassThruTransmit", "<mail from='a@other.example'/>")
                + port("Unsigned", "PassThruTransmit", "<dkim sign='false'/><mail from='a@other.example'/>");
    }

    private static String withSmime(String configuration) {
        return configuration + """
                <pipeline name='Signed'>
                  <assemble><mime/></assemble>
                  <encode><smime signature='clear' signingKey='server.p12' signingKeyPassword='secret'/></encode>
                </pipeline>
                """ + port("Signed", "Signed", "<mail><attach parts='body' name='invoice.xml'/></mail>");
    }

    private static MessageId submit(RunningHost host, String port, String body) {
        return host.submit(
                port, Part.body("text/plain; charset=utf-8", Body.of(body, StandardCharsets.UTF_8)), Context.empty());
    }

    @Test
    void signaturesVerifyForAnyContentAndAreTheSameOnRetry() throws Exception {
        ServerKey.make(folder, "dns:localhost");
        Verifiers verifiers = new Verifiers(KEY.record());
        try (ScriptedServer server = new ScriptedServer().offering("250-test\r\n250 8BITMIME");
                RunningHost host = RunningHost.start(folder, withSmime(configuration(server.port())))) {
            String text = "Dear customer,\r\n.\r\n..dots  and   spaces \t\r\nFrom here\r\n\r\n\r\n";
            server.on("DOT", "451 4.3.0 later");
            Map<String, MessageId> ids = new LinkedHashMap<>();
            for (String port : List.of("Plain", "Raw", "Attached", "Signed")) {
                ids.put(port, submit(host, port, port.equals("Raw") ? text + "Gr\u00fc\u00dfe" : text));
            }
            ids.put("Empty", submit(host, "Plain", ""));
            for (MessageId id : ids.values()) {
                host.await(id, row -> row.attempts() > 1);
            }
            server.on("DOT", "250 2.0.0 Ok");
            for (Map.Entry<String, MessageId> each : ids.entrySet()) {
                MessageRow done = host.await(each.getValue(), row -> row.state().isEnd());
                assertThat(done.state())
                        .as(each.getKey() + ": " + done.lastError())
                        .isEqualTo(MessageState.DONE);
                assertThat(host.records(each.getValue()).get(1).detail("dkim.domain"))
                        .isEqualTo("corp.example");
                List<String> mails = server.mails().stream()
                        .filter(mail -> mail.contains("\r\nMessage-ID: " + done.mimeMessageId() + "\r\n"))
                        .toList();
                assertThat(mails).as(each.getKey()).hasSizeGreaterThan(1).containsOnly(mails.get(0));
                judge(mails.get(0), each.getKey().equals("Empty"), verifiers);
            }
        }
        verifiers.askDkimpy(folder);
    }

    private static void judge(String mail, boolean isEmpty, Verifiers verifiers) throws Exception {
        assertThat(mail).startsWith("DKIM-Signature: v=1;");
        assertThat(mail.lines().filter(line -> line.startsWith("DKIM-Signature:")))
                .hasSize(1);
        if (isEmpty) {
            // jDKIM does not hash an empty content as the standard says.
            verifiers.keep(bytes(mail), true);
        } else {
            verifiers.requireGood(bytes(mail));
        }
        verifiers.requireBad(bytes(mail + "more\r\n"));
        verifiers.requireBad(bytes(mail.replaceFirst("\r\nFrom: ", "\r\nFrom: boss@corp.example\r\nFrom: ")));
    }

    private static byte[] bytes(String mail) {
        return mail.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void suspendsAMessageWhenFromHasAnotherDomain() throws Exception {
        try (ScriptedServer server = new ScriptedServer();
                RunningHost host = RunningHost.start(folder, configuration(server.port()))) {
            MessageId stray = submit(host, "Stray", "x");
            MessageRow suspended = host.await(stray, row -> row.state() == MessageState.SUSPENDED);
            assertThat(suspended.state()).isEqualTo(MessageState.SUSPENDED);
            assertThat(suspended.lastError())
                    .contains("component dkim", "the domain in From, other.example, is not corp.example")
                    .contains("resume the message");
            MessageId unsigned = submit(host, "Unsigned", "x");
            assertThat(host.await(unsigned, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            assertThat(server.mails()).singleElement().asString().doesNotContain("DKIM");
        }
    }

    @Test
    void reportsTheLocationOfAnUnusableKey() throws Exception {
        Files.delete(folder.resolve("dkim.pem"));
        List<Problem> problems = new Validation(Extensions.of(folder.resolve("plugins")))
                .validate(RunningHost.read(folder, configuration(25)));
        assertThat(problems.stream().filter(Problem::isError))
                .singleElement()
                .asString()
                .contains("sendport.xml:5:", "<dkim> signingKey", "dkim.pem cannot be opened: the file does not exist");
    }

    @Test
    void theDoctorChecksTheDnsRecord() throws Exception {
        Reading reading = RunningHost.read(
                folder,
                "<host name='H'><auditRelay embedded='true' archive='relay'/>" + DKIM.replace("/>", " headers='X-A'/>")
                        + "<mail from='a@corp.example' to='b@customer.example'/></host><sendPort name='P' host='H'/>");
        List<Finding> findings = new ArrayList<>();
        try (DnsResponder dns = new DnsResponder()) {
            Diagnosis diagnosis = new Diagnosis(
                            Extensions.of(folder.resolve("plugins")), Optional.empty(), Clock.systemUTC())
                    .asking(Optional.of(dns.address()));
            assertThat(diagnosis.checkConfiguration(reading, Optional.of("P"), (target, each) -> findings.add(each)))
                    .isFalse();
            dns.publish("s1._domainkey.corp.example", KEY.record());
            assertThat(diagnosis.checkConfiguration(reading, Optional.of("P"), (target, each) -> findings.add(each)))
                    .isTrue();
        }
        assertThat(findings.stream().filter(each -> each.check().equals("dkim")))
                .extracting(Finding::level)
                .containsExactly(Finding.Level.FAIL, Finding.Level.OK);
        assertThat(EffectiveSettings.of(
                        reading.configuration().orElseThrow().ports().get(0)))
                .anySatisfy(line -> assertThat(line).contains("headers=\"X-A\""));
    }
}
