package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every example with curl in docs/api.md does what the page says. */
@Timeout(300)
class ApiExamplesIT {

    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void runAsDocumented() throws Exception {
        if (!isThere("curl")) {
            System.out.println("SKIPPED: the examples of docs/api.md, for want of curl");
            return;
        }
        Files.writeString(folder.resolve("invoice.xml"), "<invoice/>");
        Files.writeString(folder.resolve("terms.txt"), "Net 30");
        List<String> commands = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("../../docs/api.md")));
        while (blocks.find()) {
            for (String command : blocks.group(1).replace("\\\n", " ").split("\n")) {
                if (command.startsWith("curl ")) {
                    commands.add(command);
                }
            }
        }
        assertThat(commands).hasSizeGreaterThan(10);
        try (ServedApi api = new ServedApi(
                folder,
                "<host name='Mail'><auditRelay embedded='true'/></host><sendPort name='Invoices' host='Mail'>"
                        + "<mail from='a@corp.example' to='b@customer.example' subject='Invoice'/></sendPort>")) {
            String token = api.token("docs", "reader,submitter,operator,auditor,admin");
            for (String command : commands) {
                run(command.replace("http://localhost:9877", "http://127.0.0.1:" + api.port()), token);
            }
        }
        assertThat(folder.resolve("ledger.jsonl")).isNotEmptyFile();
    }

    private void run(String command, String token) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command.replace("curl -f", "curl -sSf"));
        builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .environment()
                .put("TOKEN", token);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(command + "\n" + said).isZero();
    }

    private static boolean isThere(String program) throws Exception {
        return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
    }
}
