package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.settings.Settings;
import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationChange;
import io.sendport.config.port.SendPort;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class DkimReadingTest extends ReadingFixture {

    private static final String DKIM = "<dkim domain='corp.example' selector='s1' signingKey='keys/dkim.pem'"
            + " signingKeyPassword='{{env:PASSWORD}}'/>";

    private static String host(String inside) {
        return "<host name='H'><smtp host='mail.corp.example' port='25' tls='none'/>" + inside + "</host>\n";
    }

    private SendPort port(String host, String inside) throws Exception {
        Configuration read =
                read(host(host) + port(MAIL + inside)).configuration().orElseThrow();
        return read.port("P").orElseThrow();
    }

    @Test
    void aPortInheritsDkimFromItsHostUnlessItOverridesIt() throws Exception {
        Settings inherited = port(DKIM, "").dkim().orElseThrow();
        assertThat(inherited.text("selector")).contains("s1");
        Settings own =
                port(DKIM, "<dkim selector='s2' signingKey='s2.pem'/>").dkim().orElseThrow();
        assertThat(own.text("domain")).contains("corp.example");
        assertThat(own.text("selector")).contains("s2");
        assertThat(own.path("signingKey")).contains(folder.resolve("s2.pem"));
        assertThat(port("", DKIM).dkim()).isPresent();
        assertThat(port("", "").dkim()).isEmpty();
        assertThat(port(DKIM, "<dkim sign='false'/>").dkim()).isEmpty();
    }

    @Test
    void onlyAPortThatSendsBySmtpSigns() throws Exception {
        assertThat(port(DKIM, "<camel uri='file:out'/>").dkim()).isEmpty();
        assertThat(messages(read(host("") + port(MAIL + "<camel uri='file:out'/>\n" + DKIM))))
                .singleElement()
                .asString()
                .startsWith("sendport.xml:4:")
                .contains("sendPort P: has <dkim> and <camel>", "leave <dkim> out");
    }

    @Test
    void reportsInvalidNamesAndDuplicateElementsWithTheirLines() throws Exception {
        assertThat(messages(
                        read(host("") + port(MAIL + "\n<dkim domain='b\u00fccher.example' selector='a_b'/>\n" + DKIM))))
                .anySatisfy(
                        text -> assertThat(text).startsWith("sendport.xml:4:").contains("domain"))
                .anySatisfy(
                        text -> assertThat(text).startsWith("sendport.xml:4:").contains("selector"))
                .anySatisfy(
                        text -> assertThat(text).startsWith("sendport.xml:5:").contains("has a second <dkim>"));
        assertThat(messages(read(host(DKIM + DKIM) + port(MAIL))))
                .anySatisfy(text -> assertThat(text).contains("has a second <dkim>"));
    }

    @Test
    void aRenewedKeyOrAnotherSelectorChangesThePort() throws Exception {
        Files.createDirectories(folder.resolve("keys"));
        Files.writeString(folder.resolve("keys/dkim.pem"), "one");
        Configuration before = read(host(DKIM) + port(MAIL)).configuration().orElseThrow();
        Configuration same =
                read(host("\n\n" + DKIM) + port(MAIL)).configuration().orElseThrow();
        assertThat(ConfigurationChange.between(before, same).isEmpty()).isTrue();
        Configuration other = read(host(DKIM.replace("s1", "s2")) + port(MAIL))
                .configuration()
                .orElseThrow();
        assertThat(ConfigurationChange.between(before, other).ports()).containsEntry("P", "changed: dkim");
        Files.writeString(folder.resolve("keys/dkim.pem"), "two");
        Configuration renewed = read(host(DKIM) + port(MAIL)).configuration().orElseThrow();
        assertThat(ConfigurationChange.between(before, renewed).ports()).containsEntry("P", "changed: files");
    }

    @Test
    void showsThePlaceholderInsteadOfThePassword() throws Exception {
        SendPort port = port(DKIM, "");
        Settings dkim = port.dkim().orElseThrow();
        assertThat(dkim.attributes().get("signingKeyPassword").shown()).isEqualTo("{{env:PASSWORD}}");
        assertThat(port + "" + dkim).doesNotContain("s3cret-canary");
    }

    @Test
    void warnsOfAFromOutsideTheSigningDomain() throws Exception {
        assertThat(messages(read(host(DKIM.replace("corp.example", "other.example")) + port(MAIL))))
                .singleElement()
                .asString()
                .contains(
                        "<mail> from",
                        "corp.example, is not other.example of <dkim>",
                        "each message will be suspended");
        String below = MAIL.replace("@corp.example", "@mail.corp.example");
        assertThat(messages(read(host(DKIM) + port(below)))).isEmpty();
    }
}
