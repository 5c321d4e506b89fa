package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Addresses beyond ASCII, from the configuration to the wire. */
@Timeout(300)
class InternationalMailIT {

    @TempDir
    private Path folder;

    private static String port(String name, int port, String addresses) {
        return """
                <sendPort name='%s' host='H'>
                  <smtp host='127.0.0.1' port='%d' tls='none'/>
                  <mail from='Büro &lt;büro@bücher.example>' %s subject='Grüße'/>
                </sendPort>
                """.formatted(name, port, addresses);
    }

    @Test
    void goesOnlyToServersThatSupportSmtputf8() throws Exception {
        try (ScriptedServer able = new ScriptedServer().offering("250-able\r\n250-8BITMIME\r\n250 SMTPUTF8");
                ScriptedServer unable = new ScriptedServer();
                RunningHost host = RunningHost.start(
                        folder,
                        "<messageBox url='jdbc:sqlite:box.db'/><host name='H'/>"
                                + port("Able", able.port(), "to='Jörg &lt;jörg@bücher.example>, a@corp.example'")
                                + port("Unable", unable.port(), "to='jörg@bücher.example'"))) {
            Body body = Body.of("Straße", StandardCharsets.UTF_8);
            MessageId sent = host.submit("Able", body);
            MessageId refused = host.submit("Unable", body);
            MessageRow done = host.await(sent, row -> row.state().isEnd());
            assertThat(done.state()).as(done.lastError()).isEqualTo(MessageState.DONE);
            String wire = new String(able.mails().get(0).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            assertThat(wire)
                    .contains("To: =?UTF-8?B?SsO2cmc=?= <jörg@xn--bcher-kva.example>, a@corp.example")
                    .contains("<büro@xn--bcher-kva.example>")
                    .contains("Subject: =?UTF-8?B?");
            assertThat(able.commands())
                    .anyMatch(line -> line.startsWith("MAIL FROM:") && line.endsWith(" SMTPUTF8 BODY=8BITMIME"));
            assertThat(host.records(sent).get(1).detail("subject"))
                    .as("for people and for audit search")
                    .isEqualTo("Grüße");
            MessageRow suspended = host.await(refused, row -> row.state() == MessageState.SUSPENDED);
            assertThat(suspended.state()).isEqualTo(MessageState.SUSPENDED);
            assertThat(suspended.lastError()).contains("does not support SMTPUTF8");
            assertThat(unable.count("MAIL")).isZero();
        }
    }
}
