package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.testing.DocumentedBlock;
import io.sendport.testing.DocumentedCommands;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/migrating.md followed literally, through the shipped script: from the export to the received mail. */
@Timeout(300)
@InTurn
class ImportIT {

    private static final Path PAGE = Path.of("../../docs/migrating.md");
    private static final Path FIXTURES =
            Path.of("../../config/src/test/resources/io/sendport/migration").toAbsolutePath();

    private static final Path SAMPLES =
            Path.of("../../config/examples/migration").toAbsolutePath();

    @TempDir
    private Path folder;

    private Installed.Result asThePageSays(String start) throws Exception {
        List<String> command = DocumentedCommands.of(Files.readString(PAGE), start, "", "");
        return Installed.sendport(folder, command.toArray(String[]::new));
    }

    @Test
    void worksAsDocumentedFromTheExportToTheReceivedMail() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            Files.writeString(folder.resolve("Orders.BindingInfo.xml"), DocumentedBlock.of(PAGE, "<BindingInfo"));
            Files.writeString(
                    folder.resolve("handlers.xml"),
                    DocumentedBlock.of(PAGE, "<handlers").replace("mail.corp.example", "127.0.0.1:" + server.port()));
            Files.writeString(folder.resolve("order.xml"), "<order no='7'/>");
            Installed.Result imported = asThePageSays("import biztalk");
            assertThat(imported.status()).as(imported.out() + imported.err()).isZero();
            assertThat(imported.out()).isEmpty();
            Files.writeString(folder.resolve("sendport.xml"), DocumentedBlock.of(PAGE, "<sendport "));
            Installed.Result valid = asThePageSays("validate -c sendport.xml");
            assertThat(valid.status()).as(valid.out()).isZero();
            Installed.Result dry = asThePageSays("submit -c sendport.xml --port Orders.Confirm --dry-run");
            assertThat(dry.out())
                    .contains("To: customer@example.com", "From: orders@corp.example", "Your order is attached.");
            Path file = folder.resolve("mail/sendport.xml");
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace("<host name=\"Mail\">", "<host name=\"Mail\" redirectTo=\"you@corp.example\">"));
            Path log = folder.resolve("run.log");
            Process run = Installed.start(folder, "", folder.resolve("run.out"), log, "run", "-c", "sendport.xml");
            try {
                Installed.await(log, "ready after");
                assertThat(asThePageSays("ports start").status()).isZero();
                Installed.Result sent = asThePageSays("submit -c sendport.xml --port Orders.Confirm --wait");
                assertThat(sent.status()).as(sent.err()).isZero();
            } finally {
                run.destroyForcibly();
                Patience.untilEnd(run);
            }
            assertThat(server.mails())
                    .singleElement()
                    .asString()
                    .contains("To: customer@example.com", "Your order is attached.");
            assertThat(server.count("RCPT TO:<you@corp.example>")).isEqualTo(1);
        }
    }

    /** The page sends readers without sources of their own to these files. */
    @Test
    void theInstalledSamplesMatchThePage() throws Exception {
        assertThat(SAMPLES.resolve("Orders.BindingInfo.xml")).hasContent(DocumentedBlock.of(PAGE, "<BindingInfo"));
        assertThat(SAMPLES.resolve("handlers.xml")).hasContent(DocumentedBlock.of(PAGE, "<handlers"));
        Files.copy(SAMPLES.resolve("Nightly.dtsx"), folder.resolve("Nightly.dtsx"));
        Installed.Result imported = asThePageSays("import ssis Nightly.dtsx --output mail");
        assertThat(imported.status()).as(imported.err()).isZero();
        Files.writeString(
                folder.resolve("sendport.xml"),
                DocumentedBlock.of(PAGE, "<sendport ").replaceAll("(?s)<properties.*/properties>", ""));
        Files.writeString(folder.resolve("empty"), "");
        Installed.Result dry = asThePageSays("submit -c sendport.xml --port \"Nightly Report\" --dry-run");
        assertThat(dry.out())
                .contains("Subject: Load of Nightly is done", "To: ops@corp.example", "The nightly load is done.");
    }

    @Test
    void writesNothingForAMalformedFile() throws Exception {
        Files.writeString(folder.resolve("x.xml"), "<BindingInfo>");
        Installed.Result result = Installed.sendport(folder, "import", "biztalk", "x.xml");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("x.xml:1:", "nothing was written");
    }

    @Test
    void reportsInJsonWithoutTheSecretsOfTheInput() throws Exception {
        Files.copy(FIXTURES.resolve("nightly.dtsx"), folder.resolve("nightly.dtsx"));
        Installed.Result result = Installed.sendport(folder, "import", "ssis", "nightly.dtsx", "--json");
        assertThat(result.status()).as(result.err()).isEqualTo(1);
        assertThat(result.out()).startsWith("<?xml").endsWith("</sendport>\n");
        assertThat(result.out() + result.err()).doesNotContain("hunter2");
        ObjectMapper json = new ObjectMapper();
        for (String line : result.err().lines().toList()) {
            JsonNode each = json.readTree(line);
            assertThat(each.path("type").asText()).isIn("summary", "port", "finding", "todo");
        }
        Installed.Result again = Installed.sendport(folder, "import", "ssis", "nightly.dtsx", "--output", "out");
        assertThat(folder.resolve("out/import/README.txt")).exists();
        assertThat(Installed.sendport(folder, "import", "ssis", "nightly.dtsx", "--output", "out")
                        .err())
                .contains("already exists");
        assertThat(again.out()).isEmpty();
    }
}
