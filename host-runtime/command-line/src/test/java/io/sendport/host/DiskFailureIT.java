package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.store.DiskFailure;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.Skipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kernel says that the disk did not take what it was given: from there on nothing is acknowledged, and nothing that was is lost. */
@Timeout(600)
class DiskFailureIT {

    private static final int LAST_GOOD_SYNC = 40;

    @TempDir
    private Path folder;

    @Test
    void acknowledgesNothingAfterADiskSyncFails() throws Exception {
        assumeTrue(Deep.isOn(), "traces a whole process; CommandLineIT has the shorter form");
        if (!Traced.isPossible()) {
            Skipped.note("strace is not installed or may not trace here, no failure of the disk was made");
            return;
        }
        Path host = folder.resolve("host");
        String failing = "inject=fdatasync:error=EIO:when=" + (LAST_GOOD_SYNC + 1) + "+";
        int status =
                Traced.run(folder, host, 1_000, List.of("-o", "/dev/null", "-e", "trace=fdatasync", "-e", failing));
        assertThat(status).as("a submit fails, and with it the program").isNotZero();
        assertThat(folder.resolve("err.txt"))
                .content()
                .contains("the disk failed during a sync of commits", "nothing more is written");
        MessageBoxSettings settings = TestBox.settings(host.resolve("var"));
        Path store = settings.place();
        assertThat(store.resolveSibling("sendport.db.disk-failed")).exists();
        DiskFailure.recover(store);
        try (MessageBox box = MessageBox.open(settings, Access.WRITE, Clock.systemUTC())) {
            List<String> stored = box.queries().list(MessageFilter.all(), Optional.empty()).stream()
                    .map(row -> row.id().value())
                    .toList();
            List<String> submitted = Files.readAllLines(folder.resolve("said.txt")).stream()
                    .filter(line -> line.startsWith("submitted "))
                    .map(line -> line.substring("submitted ".length()))
                    .toList();
            assertThat(submitted).isNotEmpty().hasSizeLessThan(LAST_GOOD_SYNC);
            assertThat(stored).containsAll(submitted);
        }
    }

    @Test
    @InTurn
    void aHostExitsWithADistinctStatusAndSendsAfterARestart() throws Exception {
        try (ScriptedServer relay = new ScriptedServer()) {
            Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns="urn:sendport:config:1">
                      <messageBox url="jdbc:sqlite:box.db" lease="PT3S"/>
                      <host name="H"><smtp host="127.0.0.1" port="%d" tls="none"/></host>
                      <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                    </sendport>
                    """.formatted(relay.port()));
            Files.writeString(folder.resolve("body.txt"), "hello");
            Process run = Installed.run(folder, "", "sendport.xml");
            Files.createFile(folder.resolve("box.db.disk-failed"));
            Patience.untilEnd(run);
            assertThat(run.exitValue()).isEqualTo(4);
            assertThat(Installed.read(folder.resolve("run.log"))).contains("found that the disk failed");
            String[] submit = {"submit", "-c", "sendport.xml", "--port", "P", "body.txt"};
            Installed.Result refused = Installed.sendport(folder, submit);
            assertThat(refused.status()).as(refused.err()).isEqualTo(3);

            Process again = Installed.run(folder, "", "sendport.xml");
            try {
                Installed.Result taken = Installed.sendport(folder, submit);
                assertThat(taken.status()).as(taken.err()).isZero();
                Patience.until("it is sent", () -> relay.mails().size() == 1);
            } finally {
                again.destroyForcibly();
                Patience.untilEnd(again);
            }
        }
    }
}
