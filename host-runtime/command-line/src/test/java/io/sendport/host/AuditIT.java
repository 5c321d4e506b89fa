package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor does, by docs/audit.md, through the shipped script. */
@Timeout(600)
@InTurn
class AuditIT {

    /** Three mails through the embedded relay, and the process ended. */
    @TempDir
    private static Path sent;

    @TempDir
    private Path folder;

    @BeforeAll
    static void send() throws Exception {
        Files.writeString(sent.resolve("s.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:var/sendport.db"/>
                  <promote property="InvoiceNumber" xpath="/invoice/@no" audit="true"/>
                  <host name="Mail">
                    <auditRelay embedded="true" archive="var/relay"/>
                    <audit recipients="hashed" subject="off"/>
                  </host>
                  <sendPort name="Invoices" host="Mail">
                    <mail from="billing@corp.example" to="accounts@customer.example" subject="Invoice %InvoiceNumber%"/>
                  </sendPort>
                </sendport>
                """);
        Process run = Installed.run(sent, "", "s.xml");
        for (int i = 4711; i < 4714; i++) {
            Files.writeString(sent.resolve(i + ".xml"), "<invoice no='" + i + "'/>");
        }
        Installed.Result result = Installed.sendport(
                sent,
                "submit",
                "-c",
                "s.xml",
                "--port",
                "Invoices",
                "--wait",
                "PT2M",
                "4711.xml",
                "4712.xml",
                "4713.xml");
        assertThat(result.status()).as(result.err()).isZero();
        run.destroy();
        Patience.untilEnd(run);
    }

    /** For each test a copy of what the process left. */
    @BeforeEach
    void copy() throws Exception {
        try (Stream<Path> files = Files.walk(sent)) {
            for (Path each : files.filter(file -> !file.equals(sent)).toList()) {
                Files.copy(each, folder.resolve(sent.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private Installed.Result sendport(String... arguments) throws Exception {
        return Installed.sendport(folder, arguments);
    }

    private String out(String... arguments) throws Exception {
        Installed.Result result = sendport(arguments);
        assertThat(result.status()).as(result.out() + result.err()).isZero();
        return result.out();
    }

    @Test
    void findsTheRecordsOfAMessageAndVerifiesThem() throws Exception {
        String records = out("audit", "search", "-c", "s.xml", "--property", "InvoiceNumber=4712");
        assertThat(records).contains("SUBMITTED", "ATTEMPT_STARTED", "ACCEPTED", "to hmac:");
        String accepted = records.lines()
                .filter(line -> line.contains("ACCEPTED"))
                .findFirst()
                .orElseThrow();
        String record = out("audit", "show", "-c", "s.xml", accepted.substring(0, accepted.indexOf(' ')));
        assertThat(record)
                .contains("relay  127.0.0.1:", "sha256  ", "queueId  ")
                .doesNotContain("customer", "Invoice 4");
        assertThat(out("audit", "search", "-c", "s.xml", "--recipient", "Accounts@customer.example"))
                .contains("ACCEPTED");
        assertThat(out("audit", "reconcile", "-c", "s.xml", "--archive", "var/relay"))
                .contains("3 on the ledger and in the archive, byte for byte; 0 on the ledger only");
        assertThat(out("audit", "verify", "-c", "s.xml"))
                .contains("nothing is missing; anchored by signed checkpoints");
        assertThat(out("audit", "report", "-c", "s.xml")).containsPattern("Invoices +3 +0 +3 +3 +0");
        assertThat(out("audit", "report", "-c", "s.xml", "--format", "html")).contains("<td>Invoices</td><td>3</td>");
    }

    @Test
    void verifiesAnExportElsewhereWithTheCheckpoints() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("ledger.jsonl"), out("audit", "export", "-c", "s.xml"));
        Files.move(folder.resolve("var/sendport.db.checkpoints"), elsewhere.resolve("kept"));
        Files.delete(folder.resolve("var/sendport.db"));
        assertThat(out("audit", "verify", "--export", "elsewhere/ledger.jsonl", "--checkpoints", "elsewhere/kept"))
                .contains("anchored by signed checkpoints up to 0:");
        String lines = Files.readString(elsewhere.resolve("ledger.jsonl"));
        Files.writeString(elsewhere.resolve("forged.jsonl"), lines.replaceAll("4712(?=[\\\\]*\")", "4799"));
        Installed.Result forged =
                sendport("audit", "verify", "--export", "elsewhere/forged.jsonl", "--checkpoints", "elsewhere/kept");
        assertThat(forged.status()).isEqualTo(1);
        assertThat(forged.out()).contains("its private part was changed");
    }

    @Test
    void theDocumentedCheckerVerifiesAnExport() throws Exception {
        assumeTrue(Tool.answers("python3", "--version") && Tool.answers("openssl", "version"), "python3 and openssl");
        Files.writeString(folder.resolve("ledger.jsonl"), out("audit", "export", "-c", "s.xml"));
        Installed.Result whole = check("ledger.jsonl");
        assertThat(whole.status()).as(whole.err()).isZero();
        assertThat(whole.out()).contains("anchored by signed checkpoints up to 0:");
        List<String> lines = Files.readAllLines(folder.resolve("ledger.jsonl"));
        Files.write(folder.resolve("short.jsonl"), lines.subList(0, 5));
        Files.writeString(
                folder.resolve("forged.jsonl"), String.join("\n", lines).replace("ACCEPTED", "REFUSED"));
        Files.writeString(folder.resolve("gap.jsonl"), String.join("\n", lines).replace(lines.get(4) + "\n", ""));
        for (String each : List.of("short.jsonl", "forged.jsonl", "gap.jsonl")) {
            assertThat(check(each).status()).as(each).isEqualTo(1);
        }
    }

    @Test
    void theDocumentedProgramFindsRecordsInAnExport() throws Exception {
        assumeTrue(Tool.answers("python3", "--version"), "python3");
        Files.writeString(folder.resolve("ledger.jsonl"), out("audit", "export", "-c", "s.xml"));
        Installed.Result found = python("-c", program("json.loads").replace("4711", "4712"));
        assertThat(found.status()).as(found.err()).isZero();
        assertThat(found.out().lines().filter(line -> line.contains("\"InvoiceNumber\"")))
                .containsExactly("    \"InvoiceNumber\": \"4712\"");
        assertThat(found.out().lines().filter(line -> line.contains("\"kind\"")))
                .containsExactly(
                        "  \"kind\": \"SUBMITTED\",", "  \"kind\": \"ATTEMPT_STARTED\",", "  \"kind\": \"ACCEPTED\",");
        assertThat(found.out()).contains("\"sha256\": ").doesNotContain("\"proof\"");
    }

    @Test
    void theDocumentedProgramComputesTheRecordedDigest() throws Exception {
        assumeTrue(Tool.answers("python3", "--version"), "python3");
        Path archived = folder.resolve("var/relay/1.eml");
        String mail = Files.readString(archived, StandardCharsets.ISO_8859_1);
        Files.writeString(
                archived,
                "Return-Path: <billing@corp.example>\nReceived: from a\n\tby b; Sun\n" + mail.replace("\r\n", "\n"),
                StandardCharsets.ISO_8859_1);
        Installed.Result digest = python("-c", program("hashlib"), "var/relay/1.eml");
        assertThat(digest.err()).isEmpty();
        assertThat(out("audit", "export", "-c", "s.xml", "--kind", "ACCEPTED"))
                .contains("\"sha256\":\"" + digest.out().strip());
    }

    /** The Python program of docs/audit.md that has {@code word}. */
    private static String program(String word) throws Exception {
        return Pattern.compile("(?s)python3 -c '(.*?)'")
                .matcher(Files.readString(Path.of("../../docs/audit.md")))
                .results()
                .map(each -> each.group(1))
                .filter(each -> each.contains(word))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void provesSingleRecordsWithoutTheOthers() throws Exception {
        assumeTrue(Tool.answers("python3", "--version") && Tool.answers("openssl", "version"), "python3 and openssl");
        String found = out("audit", "search", "-c", "s.xml", "--property", "InvoiceNumber=4712");
        StringBuilder records = new StringBuilder();
        for (String line : found.lines().toList()) {
            records.append(out("audit", "show", "-c", "s.xml", line.substring(0, line.indexOf(' ')), "--proof"));
        }
        Files.writeString(folder.resolve("three.jsonl"), records);
        Installed.Result whole = check("three.jsonl", "--selection");
        assertThat(whole.status()).as(whole.err()).isZero();
        assertThat(whole.out())
                .contains("3 of them are proved by signed checkpoints: 0:")
                .doesNotContain("anchored");
        Files.writeString(folder.resolve("forged.jsonl"), records.toString().replace("ACCEPTED", "REFUSED"));
        assertThat(check("forged.jsonl", "--selection").status()).isEqualTo(1);
    }

    private Installed.Result check(String file, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                Path.of("../../docs/check_export.py").toAbsolutePath().toString(),
                file,
                "var/sendport.db.checkpoints"));
        arguments.addAll(List.of(more));
        return python(arguments.toArray(String[]::new));
    }

    private Installed.Result python(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.add(0, "python3");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Installed.Result(process.waitFor(), out, err);
    }

    @Test
    void reportsEveryDifferenceFromTheArchive() throws Exception {
        Path relay = folder.resolve("var/relay");
        Files.delete(relay.resolve("1.eml"));
        Files.writeString(
                relay.resolve("2.eml"), Files.readString(relay.resolve("2.eml")).replace("Invoice 4", "Invoice 5"));
        Files.writeString(relay.resolve("9.eml"), "Message-ID: <slipped@in.example>\r\n\r\nhello\r\n");
        Installed.Result result = sendport(
                "audit", "reconcile", "-c", "s.xml", "--archive", "var/relay", "--record", "--reason", "nightly");
        assertThat(result.status()).isEqualTo(1);
        assertThat(out("audit", "search", "-c", "s.xml", "--kind", "RECONCILED", "--json"))
                .contains("\"both\":1", "\"ledgerOnly\":1", "\"differs\":1", "\"reason\":\"nightly\"");
        assertThat(result.out())
                .contains("1 on the ledger and in the archive")
                .contains("1 on the ledger only, 1 in the archive only, 1 differ")
                .containsPattern("in the archive only +<slipped@in.example> +9.eml");
        Installed.Result ignoring =
                sendport("audit", "reconcile", "-c", "s.xml", "--archive", "var/relay", "--ignore-foreign", "--json");
        assertThat(ignoring.out()).contains("\"archiveOnly\":0").contains("\"foreign\":1");
    }

    @Test
    void verifiesTheLedgerAfterTheErasureOfARecipient() throws Exception {
        assertThat(sendport("audit", "erase", "-c", "s.xml", "--recipient", "accounts@customer.example")
                        .err())
                .contains("add --yes");
        assertThat(out("audit", "erase", "-c", "s.xml", "--recipient", "accounts@customer.example", "--yes"))
                .contains("3 messages, 9 records erased");
        assertThat(out("audit", "verify", "-c", "s.xml")).contains("private parts of 9 were erased");
        assertThat(out("audit", "reconcile", "-c", "s.xml", "--archive", "var/relay"))
                .as("by digest alone, since no Message-ID is left")
                .contains("3 on the ledger and in the archive");
        assertThat(out("audit", "search", "-c", "s.xml", "--property", "InvoiceNumber=4712"))
                .isEmpty();
    }

    @Test
    void followsRecordsAsTheyCome() throws Exception {
        Path out = folder.resolve("follow.out");
        Process follow = Installed.start(
                folder,
                "",
                out,
                folder.resolve("follow.err"),
                "audit",
                "search",
                "-c",
                "s.xml",
                "--kind",
                "SUBMITTED",
                "--follow");
        try {
            await(out, 3);
            out("submit", "-c", "s.xml", "--port", "Invoices", "4711.xml");
            await(out, 4);
        } finally {
            follow.destroyForcibly();
        }
    }

    private static void await(Path out, int lines) throws Exception {
        Patience.until(lines + " lines", () -> Files.readAllLines(out).size() >= lines);
        assertThat(Files.readAllLines(out)).hasSize(lines);
    }

    @Test
    void readsWithoutChangingAnything() throws Exception {
        Path store = folder.resolve("var/sendport.db");
        FileTime before = Files.getLastModifiedTime(store);
        byte[] bytes = Files.readAllBytes(store);
        for (List<String> command : List.of(
                List.of("verify"), List.of("report"), List.of("search"), List.of("export", "--format", "csv"))) {
            List<String> words = new java.util.ArrayList<>(List.of("audit"));
            words.addAll(command);
            words.addAll(List.of("-c", "s.xml"));
            out(words.toArray(String[]::new));
        }
        assertThat(Files.getLastModifiedTime(store)).isEqualTo(before);
        assertThat(Files.readAllBytes(store)).isEqualTo(bytes);
    }
}
