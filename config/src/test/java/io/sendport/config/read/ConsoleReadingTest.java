package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.Configuration;
import io.sendport.config.ConsoleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConsoleReadingTest extends ReadingFixture {

    private static final String PORT = port("<smtp host='h' port='25'/>" + MAIL);

    private Configuration configuration(String console) throws IOException {
        Reading reading = read(console + HOST + PORT);
        assertThat(messages(reading)).allMatch(text -> text.contains("warning: "));
        return reading.configuration().orElseThrow();
    }

    @Test
    void isAbsentUnlessItIsConfigured() throws Exception {
        assertThat(configuration("").console()).isEmpty();
    }

    @Test
    void defaultsToLoopbackWithTokensBesideTheMessageBox() throws Exception {
        Configuration read = configuration("<console/>");
        ConsoleSettings console = read.console().orElseThrow();
        assertThat(console.address()).isEqualTo("127.0.0.1");
        assertThat(console.port()).isEqualTo(9877);
        Path place = read.messageBox().place();
        assertThat(console.tokens()).isEqualTo(place.resolveSibling(place.getFileName() + ".tokens"));
        assertThat(new ConfigurationReader(placeholders)
                        .readRouting(folder.resolve("sendport.xml"))
                        .tokens())
                .isEqualTo(console.tokens());
    }

    @Test
    void isReadWithAllSettings() throws Exception {
        Files.writeString(folder.resolve("server.p12"), "stands for a key store");
        Configuration read = configuration("<console address='0.0.0.0' port='8443' hostNames='mail.corp.example Other'>"
                + "<tls keyStore='server.p12' password='{{env:PASSWORD}}'/><tokens file='tokens'/>"
                + "<proxy addresses='10.1.2.3 ::1' secret='12345678901234567890'/></console>");
        ConsoleSettings console = read.console().orElseThrow();
        assertThat(console.hostNames()).isEqualTo(Set.of("mail.corp.example", "other"));
        assertThat(console.tls().orElseThrow().password().reveal()).isEqualTo("s3cret-canary");
        assertThat(console.tokens()).isEqualTo(folder.resolve("tokens"));
        assertThat(console.proxy().orElseThrow().addresses()).containsExactlyInAnyOrder("10.1.2.3", "::1");
        assertThat(console.toString()).doesNotContain("canary").doesNotContain("1234567890");
    }

    @Test
    void isRejectedOnANonLoopbackAddressWithoutTls() throws Exception {
        assertThat(messages(read("<console address='0.0.0.0'/>" + HOST + PORT)))
                .containsExactly(
                        "sendport.xml:2:10: <console> address: \"0.0.0.0\" can be reached from other machines, and tokens would"
                                + " cross the network in clear text; add <tls keyStore=\"...\" password=\"...\"/>, or <proxy .../>"
                                + " for a proxy with TLS, or leave address out");
    }

    @Test
    void reportsAllProxyProblemsAtOnce() throws Exception {
        assertThat(messages(read(
                        "<console><proxy addresses='proxy.corp.example' secret='short' userHeader='a b'/></console>"
                                + HOST + PORT)))
                .hasSize(4)
                .anyMatch(text -> text.contains("warning: <proxy> secret: is written here in plain text"))
                .anyMatch(text -> text.contains("\"proxy.corp.example\" is not an address"))
                .anyMatch(text -> text.contains("is shorter than 20 characters"))
                .anyMatch(text -> text.contains("\"a b\" is not a valid header field name"))
                .noneMatch(text -> text.contains("\"short\""));
    }
}
