package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Validating a configuration runs none of the code it names, whatever it names; through the shipped script. */
@Timeout(600)
@InTurn
class CamelCodeIT {

    @TempDir
    private Path folder;

    private static String camel(String uri) {
        return "<camel uri=\"" + uri.replace("&", "&amp;") + "\"/>";
    }

    @Test
    void isRefusedInEveryPlaceAndNotRun() throws Exception {
        try (ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String file = "#class:java.io.FileOutputStream('" + folder.resolve("pwned") + "')";
            String socket = "#class:java.net.Socket('127.0.0.1'," + door.getLocalPort() + ")";
            Files.writeString(
                    folder.resolve("feed.xml"),
                    "<routes><route id='f'><from uri='direct:f'/><to uri=\"log:x?exchangeFormatter=" + file
                            + "\"/></route></routes>");
            Files.writeString(
                    folder.resolve("my.properties"), "code=log:x?exchangeFormatter=" + file + "\nlate={{code}}\n");
            String[] lines = {
                "<sendport xmlns='urn:sendport:config:1'>",
                "<properties file='my.properties'/>",
                "<messageBox url='jdbc:sqlite:var/sendport.db'/>",
                "<host name='H'><smtp host='127.0.0.1' port='9' tls='none'/><routes file='feed.xml'/></host>",
                "<pipeline name='A'><preAssemble>",
                camel("log:x?exchangeFormatter=" + file),
                camel("log:x?exchangeFormatter=RAW(" + socket + ")"),
                camel("log:x?exchangeFormatter=%23class:java.io.FileOutputStream('" + folder.resolve("pwned") + "')"),
                camel("{{code}}"),
                camel("{{late}}"),
                camel("bean:x?method=y"),
                camel("class:java.lang.Runtime"),
                "</preAssemble></pipeline>",
                "<pipeline name='B'><preAssemble><camel name='step' uri='direct:x'/></preAssemble></pipeline>",
                "<sendPort name='P' host='H' pipeline='A'><mail from='a@corp.example' to='b@customer.example'/>",
                camel("log:x?exchangeFormatter=" + socket),
                "<backupTransport>" + camel("log:x?exchangeFormatter=" + file) + "</backupTransport></sendPort>",
                "<sendPort name='Q' host='H' pipeline='B'><mail from='a@corp.example' to='b@customer.example'/>",
                "<pipelineSettings><camel name='step' uri=\"log:x?exchangeFormatter=" + file
                        + "\"/></pipelineSettings>",
                "</sendPort></sendport>"
            };
            Files.writeString(folder.resolve("sendport.xml"), String.join("\n", lines));
            Files.writeString(folder.resolve("m.txt"), "hello");

            Installed.Result validated = Installed.sendport(folder, "validate", "-c", "sendport.xml");
            assertThat(validated.status()).as(validated.out()).isEqualTo(2);
            for (int line : List.of(6, 7, 8, 9, 10, 11, 12, 16, 17, 19)) {
                assertThat(validated.out().lines())
                        .as("line " + line)
                        .anyMatch(each -> each.matches(".*sendport\\.xml:" + line + ":\\d+: .*<camel> uri: .*"));
            }
            assertThat(validated.out().lines().filter(each -> each.contains("<camel> uri")))
                    .hasSize(10);
            assertThat(Installed.sendport(folder, "run", "-c", "sendport.xml").status())
                    .isEqualTo(2);
            assertThat(Installed.sendport(folder, "submit", "-c", "sendport.xml", "--port", "P", "--dry-run", "m.txt")
                            .status())
                    .isNotZero();
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(each -> each.getFileName().toString()))
                        .doesNotContain("pwned", "var")
                        .allMatch(name ->
                                name.matches("(feed|sendport)\\.xml|my\\.properties|m\\.txt|(out|err).*\\.txt"));
            }
            door.setSoTimeout(200);
            org.assertj.core.api.Assertions.assertThatThrownBy(door::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void acceptsEndpointsWithoutCode() throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:var/sendport.db"/>
                  <host name="H"/>
                  <pipeline name="A"><preAssemble><camel uri="log:seen?level=WARN&amp;showBody=false"/></preAssemble></pipeline>
                  <sendPort name="P" host="H" pipeline="A">
                    <mail from="a@corp.example" to="b@customer.example"/>
                    <camel uri="file:seen?fileName=$simple{header.SendportMessageId}.eml"/>
                  </sendPort>
                </sendport>
                """);
        Files.writeString(folder.resolve("m.txt"), "hello");
        Installed.Result validated = Installed.sendport(folder, "validate", "-c", "sendport.xml");
        assertThat(validated.status()).as(validated.out()).isZero();
        assertThat(folder.resolve("seen")).as("no endpoint was made").doesNotExist();
        Process run = Installed.run(folder, "", "sendport.xml");
        Installed.Result sent =
                Installed.sendport(folder, "submit", "-c", "sendport.xml", "--port", "P", "--wait", "2m", "m.txt");
        assertThat(sent.status()).as(sent.err()).isZero();
        assertThat(folder.resolve("seen/" + sent.out().strip() + ".eml"))
                .content()
                .contains("Subject: ");
        run.destroy();
        Patience.untilEnd(run);
    }
}
