package io.sendport.config.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.AuditLedgerSettings;
import io.sendport.config.BodyKeySettings;
import io.sendport.config.Routing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a command reads: the store, the routing and the keys, without the secrets of ports. */
class CommandReadingTest extends ReadingFixture {

    @Test
    void readsTheLedgerKeyAndItsPassword() throws IOException {
        Path file = folder.resolve("keyed.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'><auditLedger checkpointKey='pkcs11:keys/token.cfg'"
                        + " checkpointKeyPassword='open-sesame'/>" + HOST + port(MAIL) + "</sendport>");
        AuditLedgerSettings ledger =
                new ConfigurationReader(placeholders).readRouting(file).auditLedger();
        assertThat(ledger.checkpointKey()).contains(folder.resolve("keys/token.cfg"));
        assertThat(ledger.isKeyOnToken()).isTrue();
        assertThat(ledger.checkpointKeyPassword())
                .hasValueSatisfying(password -> assertThat(password.reveal()).isEqualTo("open-sesame"));
    }

    @Test
    void readsTheBodyKeyEvenIfItsPasswordIsUnresolved() throws IOException {
        Path file = folder.resolve("sendport.xml");
        String box =
                "<sendport xmlns='urn:sendport:config:1'><messageBox bodyKey='keys/body.p12' bodyKeyPassword='%s'/>"
                        + HOST + port(MAIL) + "</sendport>";
        Files.writeString(file, box.formatted("open-sesame"));
        BodyKeySettings keys = new ConfigurationReader(placeholders)
                .readRouting(file)
                .messageBox()
                .bodyKey()
                .orElseThrow();
        assertThat(keys.file()).isEqualTo(folder.resolve("keys/body.p12"));
        assertThat(keys.password())
                .hasValueSatisfying(password -> assertThat(password.reveal()).isEqualTo("open-sesame"));
        assertThat(keys.origin().line()).isEqualTo(1);

        Files.writeString(file, box.formatted("{{file:/nowhere}}"));
        assertThat(new ConfigurationReader(placeholders)
                        .readRouting(file)
                        .messageBox()
                        .bodyKey()
                        .orElseThrow()
                        .password())
                .isEmpty();
        assertThat(messages(new ConfigurationReader(placeholders).read(file)))
                .singleElement()
                .asString()
                .startsWith("sendport.xml:1:")
                .contains("/nowhere");
    }

    @Test
    void rejectsABodyKeyWithoutAFile() throws IOException {
        Path file = folder.resolve("sendport.xml");
        for (String attributes : List.of("bodyKey=''", "bodyKeyPassword='open-sesame'")) {
            Files.writeString(
                    file,
                    "<sendport xmlns='urn:sendport:config:1'><messageBox " + attributes + "/>" + HOST + port(MAIL)
                            + "</sendport>");
            assertThat(messages(new ConfigurationReader(placeholders).read(file)))
                    .filteredOn(text -> !text.contains("warning"))
                    .singleElement()
                    .asString()
                    .startsWith("sendport.xml:1:")
                    .contains("bodyKey")
                    .doesNotContain("open-sesame");
        }
    }

    @Test
    void readsTheRoutingWithoutTheSecretsOfPorts() throws IOException {
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'><messageBox url='jdbc:sqlite:box.db'/>"
                        + "<host name='H'><smtp host='{{env:NOT_SET}}' password='{{file:/nowhere}}'/></host>"
                        + port(MAIL) + "</sendport>");
        Routing routing = new ConfigurationReader(placeholders).readRouting(file);
        assertThat(routing.ports()).containsKey("P");
        assertThat(routing.messageBox().sqliteFile())
                .contains(folder.resolve("box.db").toAbsolutePath());
        assertThatThrownBy(() -> new ConfigurationReader(placeholders).readRouting(folder.resolve("none.xml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the file does not exist");
    }
}
