package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.host.box.MessageState;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that bring their own address. */
@Timeout(300)
class DynamicPortIT {

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private RunningHost host;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
        host = RunningHost.start(folder, """
                <messageBox url='jdbc:sqlite:box.db'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
                <sendPort name='Notices' host='H'>
                  <dynamic domains='customer.example *.partner.example'/>
                  <mail from='notices@corp.example' subject='Notice'><body text='A notice.'/></mail>
                </sendPort>
                <sendPort name='Fixed' host='H'><mail from='a@corp.example' to='b@corp.example'/></sendPort>
                """.formatted(server.port()));
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        server.close();
    }

    private MessageId submit(String port, String mailto, String... more) {
        Map<String, Object> context = new HashMap<>();
        if (!mailto.isEmpty()) {
            context.put("BTS.OutboundTransportLocation", mailto);
        }
        for (int i = 0; i < more.length; i += 2) {
            context.put(more[i], more[i + 1]);
        }
        return host.submit(port, Body.of("x", StandardCharsets.US_ASCII), Context.of(context));
    }

    private String sent(MessageId id) throws Exception {
        assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
        return server.mails().get(server.mails().size() - 1);
    }

    @Test
    void sendsToTheRecipientsOfTheMessage() throws Exception {
        String mail = sent(submit(
                "Notices",
                "mailto:ann@customer.example?cc=bob@sub.partner.example&bcc=eve@customer.example&subject=Caf%C3%A9"));
        assertThat(server.commands())
                .contains(
                        "RCPT TO:<ann@customer.example>",
                        "RCPT TO:<bob@sub.partner.example>",
                        "RCPT TO:<eve@customer.example>");
        assertThat(mail)
                .contains("To: ann@customer.example")
                .contains("Cc: bob@sub.partner.example")
                .contains("From: notices@corp.example")
                .contains("Subject: =?UTF-8?B?")
                .doesNotContain("eve@");
    }

    @Test
    void submitterPropertiesOverrideTheAddress() throws Exception {
        String mail = sent(submit(
                "Notices",
                "mailto:ann@customer.example?subject=theirs",
                "SMTP.Subject",
                "ours",
                "SMTP.From",
                "x@corp.example"));
        assertThat(mail).contains("Subject: ours").contains("From: x@corp.example");
        assertThat(sent(submit("Notices", "", "SMTP.To", "ann@customer.example")))
                .contains("Subject: Notice");
    }

    @Test
    void aFixedPortIgnoresTheAddressOfTheSubmitter() throws Exception {
        String mail = sent(
                submit("Fixed", "mailto:ann@customer.example", "SMTP.To", "eve@evil.example", "SMTP.Subject", "x"));
        assertThat(mail).contains("To: b@corp.example").doesNotContain("Subject: x");
        assertThat(server.commands()).contains("RCPT TO:<b@corp.example>").noneMatch(line -> line.contains("eve@"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mailto:",
                "mailto:eve@evil.example",
                "mailto:ann@customer.example?cc=eve@evil.example",
                "mailto:ann@customer.example?bcc=eve@evil.example",
                "mailto:ann@customer.example?to=eve@evil.example",
                "mailto:ann@partner.example",
                "mailto:ann@customer.example%0D%0ABcc:eve@evil.example",
                "mailto:%22ann@customer.example%22@evil.example",
                "mailto:ann@customer.example,eve@evil.example",
                "mailto:ann@customer.example%20%3Ceve@evil.example%3E",
                "mailto:@evil.example:ann@customer.example",
                "mailto:ann@customer.example?attach=x"
            })
    void refusesInvalidAndDisallowedAddresses(String mailto) {
        assertThatThrownBy(() -> submit("Notices", mailto)).isInstanceOf(SubmissionRefusedException.class);
        assertThat(server.commands()).isEmpty();
    }
}
