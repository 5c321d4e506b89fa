package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageState;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An SSIS connection string is the server, whatever else the host has. */
@Timeout(300)
class SsisConnectionIT {

    @TempDir
    private Path folder;

    private String configuration(String hosts, String connection) {
        return """
                <messageBox url='jdbc:sqlite:box.db'/>
                <smtpConnection name='Ssis' %s/>
                <host name='H'>%s</host>
                <sendPort name='P' host='H'><smtp connection='Ssis'/><mail from='a@corp.example' to='b@customer.example'/></sendPort>
                """.formatted(connection, hosts);
    }

    private void requireThatItIsSentTo(ScriptedServer server, String hosts, String connection) throws Exception {
        try (RunningHost host = RunningHost.start(folder, configuration(hosts, connection))) {
            MessageId id = host.submit("P", Body.of("hello", StandardCharsets.US_ASCII));
            assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
            assertThat(server.mails()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SmtpServer=127.0.0.1;UseWindowsAuthentication=False;EnableSsl=False;Timeout=120000;",
                "smtpserver = 127.0.0.1 ; ENABLESSL = false",
                "SmtpServer='127.0.0.1'",
                "127.0.0.1"
            })
    void worksWithoutOtherSettingsInEverySpelling(String text) throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            requireThatItIsSentTo(server, "", "connectionString=\"" + text + "\" port='" + server.port() + "'");
        }
    }

    @Test
    void isNeverReplacedByTheServerOfTheHost() throws Exception {
        try (ScriptedServer server = new ScriptedServer();
                ScriptedServer other = new ScriptedServer()) {
            requireThatItIsSentTo(
                    server,
                    "<smtp host='127.0.0.1' port='" + other.port() + "' tls='none'/>",
                    "connectionString='SmtpServer=127.0.0.1:" + server.port() + ";EnableSsl=False;'");
            assertThat(other.commands()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rejectsCredentialsWithoutTlsDespiteWindowsAuthentication(boolean isBeside) throws Exception {
        String basic = "auth='basic' user='u' password='secret'";
        String string = "connectionString='SmtpServer=127.0.0.1;UseWindowsAuthentication=True' ";
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'>"
                        + configuration("", string + (isBeside ? basic : ""))
                                .replace(
                                        "<smtp connection='Ssis'/>",
                                        "<smtp connection='Ssis' " + (isBeside ? "" : basic) + "/>")
                        + "</sendport>");
        Installed.Result result = Installed.sendport(folder, "validate", "-c", "sendport.xml");
        assertThat(result.out()).contains("could send the credentials over a connection without TLS");
        assertThat(result.status()).isEqualTo(2);
    }
}
