package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.InTurn;
import io.sendport.testing.NobodysPort;
import io.sendport.testing.Patience;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies lie encrypted while the relay is away, and arrive as they were when it is back: by the script, as a user would. */
@Timeout(600)
@InTurn
class BodyKeysIT {

    private static final String SECRET = "IBAN DE02 1203 0000 0000 2020 51";
    private static final String SMALL = "pay to " + SECRET + "\r\n";
    private static final String LARGE = SMALL.repeat(50_000);

    @TempDir
    private Path folder;

    @TempDir
    private Path documents;

    private NobodysPort nobody;
    private Path keys;

    @BeforeEach
    void configure() throws Exception {
        nobody = new NobodysPort();
        keys = folder.resolve("body.keys");
        Files.writeString(documents.resolve("small.txt"), SMALL);
        Files.writeString(documents.resolve("large.txt"), LARGE);
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:var/box.db" lease="PT3S" bodyKey="body.keys"/>
                  <host name="H"><smtp host="127.0.0.1" port="%d" tls="none"/><retry count="1000" interval="PT1S"/></host>
                  <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                </sendport>
                """.formatted(nobody.number()));
    }

    @AfterEach
    void stop() throws Exception {
        nobody.close();
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private Installed.Result sendport(String... command) throws Exception {
        String[] all = Arrays.copyOf(command, command.length + 2);
        all[command.length] = "-c";
        all[command.length + 1] = "sendport.xml";
        return Installed.sendport(folder, all);
    }

    private String done(String... command) throws Exception {
        Installed.Result result = sendport(command);
        assertThat(result.status()).as(result.toString()).isZero();
        return result.out();
    }

    private Process run() throws Exception {
        return Installed.run(folder, "-Xmx256m", "sendport.xml");
    }

    private static void end(Process host) throws Exception {
        host.destroy();
        Patience.untilEnd(host);
    }

    private void submit() throws Exception {
        for (String document : List.of("small.txt", "large.txt")) {
            done("submit", "--port", "P", documents.resolve(document).toString());
        }
    }

    /** Read here, since a command takes a second. */
    private List<MessageRow> rows() {
        Routing routing = new ConfigurationReader(new CamelPlaceholders()).readRouting(folder.resolve("sendport.xml"));
        try (MessageBox box = MessageBox.open(routing.messageBox(), Access.READ, Clock.systemUTC())) {
            return box.queries().list(MessageFilter.all(), Optional.empty());
        }
    }

    private long count(MessageState state) {
        return rows().stream().filter(each -> each.state() == state).count();
    }

    private GreenMail relay() throws Exception {
        ServerSetup setup = new ServerSetup(nobody.number(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(Patience.LIMIT.toMillis());
        GreenMail mail = new GreenMail(setup);
        nobody.close();
        mail.start();
        return mail;
    }

    private static Set<String> texts(GreenMail relay) throws Exception {
        Set<String> texts = new TreeSet<>();
        for (MimeMessage each : relay.getReceivedMessages()) {
            texts.add(new String(each.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private void requireSent() throws Exception {
        GreenMail relay = relay();
        try {
            Patience.until("both are done", () -> count(MessageState.DONE) == 2);
            assertThat(texts(relay)).isEqualTo(new TreeSet<>(List.of(SMALL, LARGE)));
        } finally {
            relay.stop();
        }
    }

    @Test
    void keepsPlainTextOffTheDiskEvenAfterAKeyChange() throws Exception {
        done("store", "new-key", "--id", "k1");
        assertThat(Files.getPosixFilePermissions(keys)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Process host = run();
        submit();
        Patience.until("both were tried", () -> count(MessageState.RETRYING) == 2);
        assertThat(Leftovers.of(SECRET, folder)).isEmpty();
        assertThat(done("store", "keys").lines().skip(1).map(String::strip)).containsExactly("k1   writes  2");

        end(host);
        done("store", "new-key", "--id", "k2");
        host = run();
        assertThat(done("store", "keys", "--json").lines())
                .containsExactly(
                        "{\"key\":\"k1\",\"role\":\"reads\",\"bodies\":2}",
                        "{\"key\":\"k2\",\"role\":\"writes\",\"bodies\":0}");
        assertThat(done("audit", "verify")).isNotEmpty();
        assertThat(Leftovers.of(SECRET, folder)).isEmpty();
        requireSent();
        end(host);
        assertThat(Leftovers.of(Files.readAllLines(keys).get(0).split(" ")[1], folder))
                .as("a key is in its file alone")
                .containsExactly(keys);
    }

    @Test
    void suspendsMessagesUntilTheirMissingKeyIsRestored() throws Exception {
        done("store", "new-key", "--id", "k1");
        submit();
        String first = Files.readString(keys);
        Files.delete(keys);
        done("store", "new-key", "--id", "k2");

        Installed.Result missing = sendport("store", "keys");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.out()).contains("missing");
        Process host = run();
        Patience.until("both are suspended", () -> count(MessageState.SUSPENDED) == 2);
        assertThat(rows()).allSatisfy(each -> assertThat(each.lastError())
                .contains("with key \"k1\"")
                .contains(keys.getFileName().toString()));

        Files.writeString(keys, first + Files.readString(keys));
        done("messages", "resume", "--state", "suspended", "--reason", "the key is back", "--yes");
        requireSent();
        end(host);
    }

    @Test
    void refusesToStartAndToSubmitWithoutAValidKeyFile() throws Exception {
        Installed.Result run = sendport("run");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("sendport.xml:2:").contains("bodyKey").contains("does not exist");
        Files.writeString(keys, "k1 c2VjcmV0\n");
        Installed.Result validate = sendport("validate");
        assertThat(validate.out() + validate.err())
                .contains("sendport.xml:2:")
                .contains("line 1")
                .doesNotContain("c2VjcmV0");
        Installed.Result submit =
                sendport("submit", "--port", "P", documents.resolve("small.txt").toString());
        assertThat(submit.status()).isEqualTo(2);
        assertThat(submit.err()).contains("body.keys").doesNotContain("c2VjcmV0");
    }
}
