package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.DocumentedBlock;
import io.sendport.testing.DocumentedCommands;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The section "Try it" of docs/alerts.md, followed literally through the shipped script. */
@Timeout(300)
@InTurn
class AlertsPageIT {

    private static final Path PAGE = Path.of("../../docs/alerts.md");
    private static final String KEY = "a-key-of-twenty-characters";
    private static final String SERVE = "http.server.HTTPServer((\"127.0.0.1\", 9999), Receiver).serve_forever()";

    private final Installation installation = new Installation(Installed.SCRIPT, Map.of("ALERT_SECRET", KEY));

    @TempDir
    private Path folder;

    private void asThePageSays(String start) throws Exception {
        List<String> command = DocumentedCommands.of(Files.readString(PAGE), start, "Invoices", "");
        assertThat(installation.sendport(folder, command.toArray(String[]::new)).status())
                .as(start)
                .isZero();
    }

    @Test
    void theDocumentedReceiverShowsATestAndAnAlert() throws Exception {
        assumeTrue(Tool.answers("python3", "--version"), "python3");
        assertThat(Files.readString(PAGE)).contains("export ALERT_SECRET=" + KEY);
        Files.writeString(folder.resolve("genuine.py"), DocumentedBlock.of(PAGE, "import hashlib"));
        String program = DocumentedBlock.of(PAGE, "import http.server");
        assertThat(program).contains("from genuine import is_genuine", SERVE);
        // Another program may listen on the port of the page.
        Files.writeString(
                folder.resolve("receiver.py"),
                program.replace(
                        SERVE,
                        "server = http.server.HTTPServer((\"127.0.0.1\", 0), Receiver)\n"
                                + "print('port', server.server_port, flush=True)\nserver.serve_forever()"));
        Path printed = folder.resolve("printed");
        ProcessBuilder python = new ProcessBuilder("python3", "receiver.py").directory(folder.toFile());
        python.environment().put("ALERT_SECRET", KEY);
        Process receiver = python.redirectOutput(printed.toFile())
                .redirectError(folder.resolve("accesses").toFile())
                .start();
        Process run = null;
        try {
            Installed.await(printed, "\n");
            String port = Installed.read(printed).strip().replace("port ", "");
            Files.writeString(
                    folder.resolve("alerts.xml"),
                    DocumentedBlock.of(PAGE, "<sendport xmlns=\"urn:sendport:config:1\">\n  <alerts pending")
                            .replace("127.0.0.1:9999", "127.0.0.1:" + port));
            run = installation.run(folder, "", "alerts.xml");
            asThePageSays("alerts test -c alerts.xml");
            Installed.await(printed, "\ntest ");
            asThePageSays("ports stop -c alerts.xml");
            Files.writeString(folder.resolve("hello"), "hello");
            assertThat(installation
                            .sendport(folder, "submit", "-c", "alerts.xml", "--port", "Invoices", "hello")
                            .status())
                    .isZero();
            Installed.await(printed, "\nfiring ");
        } finally {
            receiver.destroyForcibly();
            if (run != null) {
                run.destroyForcibly();
                Patience.untilEnd(run);
            }
        }
    }
}
