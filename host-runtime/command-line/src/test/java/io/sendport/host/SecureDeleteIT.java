package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With {@code secureDelete} nothing of a body is left once its message is done: not in the file, its log, the spool or a backup. */
@Timeout(600)
@InTurn
class SecureDeleteIT {

    private static final String SECRET = "IBAN DE02 1203 0000 0000 2020 51";

    @TempDir
    private Path folder;

    @TempDir
    private Path documents;

    private Process sink;
    private int port;
    private Process host;

    @BeforeEach
    void start() throws Exception {
        Path received = Files.createFile(documents.resolve("received.txt"));
        sink = Sink.start(received);
        BufferedReader said = new BufferedReader(new InputStreamReader(sink.getInputStream(), StandardCharsets.UTF_8));
        port = Integer.parseInt(said.readLine().substring(5));
        Files.writeString(documents.resolve("small.txt"), "pay to " + SECRET);
        Files.writeString(documents.resolve("large.txt"), ("pay to " + SECRET + "\n").repeat(60_000));
    }

    @AfterEach
    void stop() {
        sink.destroyForcibly();
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private void configure(boolean secureDelete) throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:var/box.db" lease="PT3S">
                    <retention secureDelete="%s"/>
                  </messageBox>
                  <host name="H"><smtp host="127.0.0.1" port="%d" tls="none"/></host>
                  <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                </sendport>
                """.formatted(secureDelete, port));
    }

    private void run() throws Exception {
        host = Installed.run(folder, "-Xmx256m", "sendport.xml");
    }

    private void submit(String... more) throws Exception {
        for (String document : List.of("small.txt", "large.txt")) {
            String[] command = {
                "submit",
                "-c",
                "sendport.xml",
                "--port",
                "P",
                documents.resolve(document).toString()
            };
            String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
            System.arraycopy(more, 0, all, command.length, more.length);
            assertThat(Installed.sendport(folder, all).status()).isZero();
        }
    }

    private List<Path> left() throws Exception {
        return Leftovers.of(SECRET, folder);
    }

    @Test
    void leavesNoTraceOfASentBodyEvenAfterACrash() throws Exception {
        configure(true);
        run();
        submit("--wait");
        host.descendants().forEach(ProcessHandle::destroyForcibly);
        host.destroyForcibly();
        Patience.untilEnd(host);
        submit();
        assertThat(left()).as("it waits").isNotEmpty();

        run();
        Patience.until("nothing is left", () -> left().isEmpty());

        assertThat(Installed.sendport(folder, "store", "backup", "-c", "sendport.xml", "copy.db")
                        .status())
                .isZero();
        assertThat(left()).isEmpty();
    }

    @Test
    void overwritesDataThatWasDeletedBeforeItWasEnabled() throws Exception {
        configure(false);
        run();
        submit("--wait");
        host.destroy();
        Patience.untilEnd(host);
        assertThat(left()).as("free pages keep what was deleted").isNotEmpty();

        configure(true);
        run();

        Patience.until("nothing is left", () -> left().isEmpty());
    }
}
