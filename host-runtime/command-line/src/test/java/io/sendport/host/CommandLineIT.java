package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promises of docs/command-line.md, through the shipped script. */
@Timeout(600)
class CommandLineIT {

    @TempDir
    private Path folder;

    @BeforeEach
    void configure() throws Exception {
        Files.copy(Path.of("../../config/examples/quickstart.xml"), folder.resolve("quickstart.xml"));
    }

    private Installed.Result sendport(String... arguments) throws Exception {
        return Installed.sendport(folder, arguments);
    }

    @Test
    void demoSendsAndVerifiesAnInvoice() throws Exception {
        Installed.Result demo = sendport("demo");
        assertThat(demo.status()).as(demo.out() + demo.err()).isZero();
        assertThat(demo.out())
                .contains("submitted  invoice.xml")
                .contains(
                        "same SHA-256 as on the ledger; opened with the customer's key: signature good, invoice identical")
                .contains("SUBMITTED", "ATTEMPT_STARTED", "ACCEPTED: verified, nothing missing");
    }

    @Test
    @InTurn
    void backsUpWhileItRunsAndRestoresWithoutSendingAnythingTwice() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "hello");
        Process run = Installed.run(folder, "", "quickstart.xml");
        assertThat(sendport("ports", "stop", "-c", "quickstart.xml", "Invoices").status())
                .isZero();
        Installed.await(folder.resolve("run.log"), "port Invoices stopped");
        String waiting = sendport("submit", "-c", "quickstart.xml", "--port", "Invoices", "a.txt")
                .out()
                .strip();
        Installed.Result backup = sendport("store", "backup", "-c", "quickstart.xml", "monday.db");
        assertThat(backup.status()).as(backup.err()).isZero();
        Installed.Result second = sendport("store", "backup", "-c", "quickstart.xml", "monday.db");
        assertThat(second.err()).contains("the file monday.db already exists");
        assertThat(second.status()).as("a retry would not help").isEqualTo(2);
        Installed.Result amid = sendport("store", "restore", "-c", "quickstart.xml", "--yes", "monday.db");
        assertThat(amid.err()).contains("another host process or store command uses");
        assertThat(amid.status()).isEqualTo(3);
        String later = sendport("submit", "-c", "quickstart.xml", "--port", "Invoices", "a.txt")
                .out()
                .strip();
        run.destroy();
        Patience.untilEnd(run);
        Files.writeString(folder.resolve("none.db"), "no database");
        assertThat(sendport("store", "restore", "-c", "quickstart.xml", "--yes", "none.db")
                        .status())
                .isNotZero();
        Installed.Result restored = sendport("store", "restore", "-c", "quickstart.xml", "--yes", "monday.db");
        assertThat(restored.status()).as(restored.err()).isZero();
        assertThat(restored.out()).contains("the previous message box is now ").contains("suspended 1 open message;");
        assertThat(sendport("messages", "list", "-c", "quickstart.xml", "--json")
                        .out())
                .contains(waiting, "\"state\":\"suspended\"")
                .doesNotContain(later);
        assertThat(sendport("audit", "search", "-c", "quickstart.xml", "--kind", "RESTORED")
                        .out())
                .contains("RESTORED");
        Installed.Result verified = sendport("audit", "verify", "-c", "quickstart.xml");
        assertThat(verified.status()).as("until an auditor accepts it").isEqualTo(1);
        assertThat(verified.out())
                .contains("nothing is missing", "NOTICE ", "records", "were abandoned", "no reason given");
    }

    @Test
    @InTurn
    void runsTheOtherPortsWhenOneIsInvalid() throws Exception {
        Files.writeString(folder.resolve("m.txt"), "hello");
        Files.writeString(folder.resolve("k.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:k.db"/>
                  <host name="H"><auditRelay embedded="true"/><mail from="a@corp.example" to="b@customer.example"/></host>
                  <sendPort name="Good" host="H"/>
                  <sendPort name="Wrong" host="H"><mail to="no address"/></sendPort>
                </sendport>
                """);
        assertThat(sendport("run", "-c", "k.xml").status()).isEqualTo(2);
        Path log = folder.resolve("k.log");
        Process run = Installed.start(folder, "", folder.resolve("k.out"), log, "run", "-c", "k.xml", "--keep-going");
        Installed.await(log, "ready after");
        assertThat(Installed.read(log)).contains("port Wrong stays stopped", "k.xml:5:", "ports [Good]");
        assertThat(sendport("submit", "-c", "k.xml", "--port", "Good", "--wait", "2m", "m.txt")
                        .status())
                .isZero();
        String waiting = sendport("submit", "-c", "k.xml", "--port", "Wrong", "m.txt")
                .out()
                .strip();
        Files.writeString(
                folder.resolve("k.xml"),
                Files.readString(folder.resolve("k.xml")).replace("no address", "c@customer.example"));
        Installed.Result reloaded = sendport("reload", "-c", "k.xml");
        assertThat(reloaded.status()).as(reloaded.out() + reloaded.err()).isZero();
        Installed.await(log, "port Wrong started");
        Installed.Result shown = sendport("messages", "show", "-c", "k.xml", "--json", waiting);
        for (int i = 0; i < 100 && !shown.out().contains("\"state\":\"done\""); i++) {
            shown = sendport("messages", "show", "-c", "k.xml", "--json", waiting);
        }
        assertThat(shown.out()).contains("\"state\":\"done\"");
        run.destroy();
        Patience.untilEnd(run);
    }

    @Test
    @InTurn
    void sendsOneMessageOfAStoppedPortWhenForced() throws Exception {
        Files.writeString(folder.resolve("m.txt"), "hello");
        Process run = Installed.run(folder, "", "quickstart.xml");
        assertThat(sendport("ports", "stop", "-c", "quickstart.xml", "Invoices").status())
                .isZero();
        Installed.await(folder.resolve("run.log"), "port Invoices stopped");
        List<String> ids = sendport("submit", "-c", "quickstart.xml", "--port", "Invoices", "m.txt", "m.txt")
                .out()
                .lines()
                .toList();
        assertThat(sendport("messages", "resume", "-c", "quickstart.xml", ids.get(0))
                                .out()
                        + sendport("messages", "resume", "-c", "quickstart.xml", ids.get(0))
                                .err())
                .contains("only a suspended, in-doubt or retrying message");
        Installed.Result forced = sendport(
                "messages", "resume", "-c", "quickstart.xml", "--force", "--reason", "the bank waits", ids.get(0));
        assertThat(forced.status()).as(forced.err()).isZero();
        Installed.await(folder.resolve("run.log"), "1 of 1 recipients accepted; done");
        String listed =
                sendport("messages", "list", "-c", "quickstart.xml", "--json").out();
        assertThat(listed.lines().filter(line -> line.contains(ids.get(0))))
                .allMatch(line -> line.contains("\"done\""));
        assertThat(listed.lines().filter(line -> line.contains(ids.get(1))))
                .allMatch(line -> line.contains("\"waiting\""));
        assertThat(sendport("audit", "search", "-c", "quickstart.xml", "--json", "--kind", "RESUMED")
                        .out())
                .contains("forced; the bank waits");
        run.destroy();
        Patience.untilEnd(run);
    }

    @Test
    void sendsMessagesAndExplainsThem() throws Exception {
        byte[] large = new byte[3_300_000];
        new Random(1).nextBytes(large);
        Files.write(folder.resolve("large.bin"), large);
        Files.writeString(folder.resolve("empty.txt"), "");
        Process run = Installed.run(folder, "", "quickstart.xml");
        Installed.Result sent = sendport(
                "submit", "-c", "quickstart.xml", "--port", "Invoices", "--wait", "2m", "large.bin", "empty.txt");
        assertThat(sent.status()).as(sent.err()).isZero();
        String id = sent.out().lines().findFirst().orElseThrow();
        assertThat(sendport("messages", "explain", "-c", "quickstart.xml", id.substring(0, 8))
                        .out())
                .contains(
                        "state        done",
                        "assemble > mime",
                        "C: MAIL FROM:<billing@corp.example>",
                        "S: 250 2.0.0 Ok: queued as");
        assertThat(sendport("status", "-c", "quickstart.xml").status()).isZero();
        assertThat(sendport("messages", "list", "-c", "quickstart.xml", "--json")
                        .out())
                .contains("\"state\":\"done\"");
        assertThat(sendport("audit", "search", "-c", "quickstart.xml", "--recipient", "accounts@customer.example")
                        .out()
                        .lines())
                .hasSize(4);
        assertThat(sendport("audit", "verify", "-c", "quickstart.xml").out())
                .contains("records are valid, nothing is missing");
        Installed.Result gone = sendport("messages", "resubmit", "-c", "quickstart.xml", id);
        assertThat(gone.status()).isEqualTo(2);
        assertThat(gone.err()).contains("its content was deleted; give a FILE");
        Installed.Result again = sendport(
                "messages", "resubmit", "-c", "quickstart.xml", "--reason", "lost by the customer", id, "large.bin");
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(sendport(
                                "audit",
                                "search",
                                "-c",
                                "quickstart.xml",
                                "--json",
                                "--message",
                                again.out().strip())
                        .out())
                .contains("\"source\":\"" + id + "\"");
        run.destroy();
        Patience.untilEnd(run);
        assertThat(run.exitValue()).isZero();
    }

    @Test
    @InTurn
    void keepsMessagesForAStoppedPort() throws Exception {
        Files.writeString(folder.resolve("m.txt"), "hello");
        Installed.Result submitted = sendport("submit", "-c", "quickstart.xml", "--port", "Invoices", "m.txt");
        assertThat(submitted.status()).as(submitted.err()).isZero();
        assertThat(sendport("ports", "stop", "-c", "quickstart.xml", "Invoices", "--reason", "moving")
                        .out())
                .contains("is stopped");
        assertThat(sendport("status", "-c", "quickstart.xml").status()).isEqualTo(1);
        String id = submitted.out().strip();
        assertThat(sendport("messages", "suspend", "-c", "quickstart.xml", id).status())
                .isZero();
        assertThat(sendport("status", "-c", "quickstart.xml").out())
                .startsWith("delivering with problems")
                .contains("Port Invoices: 1 suspended message");
        assertThat(sendport("messages", "save", "-c", "quickstart.xml", "--dry-run", "--to", "saved", id)
                        .out())
                .contains("would write message " + id);
        assertThat(folder.resolve("saved")).doesNotExist();
        assertThat(sendport("messages", "save", "-c", "quickstart.xml", "--to", "saved", id)
                        .status())
                .isZero();
        assertThat(folder.resolve("saved/part-1-m.txt")).hasContent("hello");
        assertThat(sendport("messages", "terminate", "-c", "quickstart.xml", "--state", "suspended")
                        .status())
                .as("asks, and there is nobody")
                .isEqualTo(2);
        assertThat(sendport(
                                "messages",
                                "terminate",
                                "-c",
                                "quickstart.xml",
                                "--state",
                                "suspended",
                                "--yes",
                                "--reason",
                                "test")
                        .out())
                .contains("1 of 1");
        assertThat(sendport("audit", "search", "-c", "quickstart.xml", "--message", id, "--json")
                        .out())
                .contains("\"reason\":\"test\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown port", "no file", "no id", "no config", "bad time", "no store", "not yet"})
    void reportsErrorsWithoutAStackTrace(String what) throws Exception {
        Files.writeString(folder.resolve("m.txt"), "hello");
        record Case(int status, String said, List<String> words) {}
        Case expected =
                switch (what) {
                    case "unknown port" ->
                        new Case(
                                2,
                                "unknown send port or group \"Nope\"",
                                List.of("submit", "-c", "quickstart.xml", "--port", "Nope", "m.txt"));
                    case "no file" ->
                        new Case(
                                2,
                                "it does not exist, is not a file, or is not readable",
                                List.of("submit", "-c", "quickstart.xml", "--port", "Invoices", "nope.txt"));
                    case "no id" ->
                        new Case(
                                3,
                                "no message box exists",
                                List.of("messages", "show", "-c", "quickstart.xml", "abcd"));
                    case "no config" -> new Case(2, "the file does not exist", List.of("validate", "-c", "nope.xml"));
                    case "bad time" ->
                        new Case(
                                2,
                                "is not a valid time",
                                List.of("messages", "list", "-c", "quickstart.xml", "--since", "soon"));
                    case "no store" -> new Case(3, "no message box exists", List.of("status", "-c", "quickstart.xml"));
                    default -> new Case(2, "Missing required subcommand", List.of("import"));
                };
        Installed.Result result = sendport(expected.words().toArray(String[]::new));
        assertThat(result.status()).as(result.out() + result.err()).isEqualTo(expected.status());
        assertThat(result.err() + result.out()).contains(expected.said());
        assertThat(result.err()).doesNotContain("\tat ");
    }

    @Test
    void keepsSecretsOutOfTheOutput() throws Exception {
        Files.writeString(folder.resolve("secret"), "canary-s3cret\n");
        Files.writeString(
                folder.resolve("s.xml"),
                "<sendport xmlns='urn:sendport:config:1'><host name='H'><smtp host='127.0.0.1' port='9' tls='required' auth='basic' user='u' password='{{file:"
                        + folder.resolve("secret")
                        + "}}'/></host><sendPort name='P' host='H'><mail from='a@corp.example' to='{{file:"
                        + folder.resolve("secret") + "}}'/></sendPort></sendport>");
        Installed.Result result = sendport("validate", "-c", "s.xml", "--effective");
        assertThat(result.out() + result.err()).contains("has no @").doesNotContain("canary-s3cret");
    }

    @Test
    void showsTheSourceOfEveryValue() throws Exception {
        Files.writeString(folder.resolve("s.xml"), """
                <sendport xmlns='urn:sendport:config:1'>
                <host name='H'><smtp host='127.0.0.1' port='9' tls='none'/><retry count='7'/></host>
                <sendPort name='P' host='H' priority='2'><mail from='a@corp.example' to='b@corp.example'/>
                <subscribe><all><match property='Kind' equals='invoice'/></all></subscribe>
                <serviceWindow from='08:00' to='17:00' zone='UTC'/>
                <rate messages='5' per='PT1M'/><limits maxWaiting='9'/></sendPort></sendport>""");
        Installed.Result result = sendport("validate", "-c", "s.xml", "--effective");
        assertThat(result.status()).as(result.out() + result.err()).isZero();
        assertThat(result.out().lines().map(line -> line.strip().replaceAll("\\(.*s.xml:(\\d+):.*", "$1")))
                .contains(
                        "priority=\"2\" 3",
                        "ordered=\"false\" (default)",
                        "count=\"7\" 2",
                        "interval=\"PT5M\" (default)",
                        "equals=\"invoice\" 4",
                        "from=\"08:00\" 5",
                        "messages=\"5\" 6",
                        "maxWaiting=\"9\" 6");
    }

    @Test
    void printsTheMailInADryRunAndStoresNothing() throws Exception {
        Files.writeString(folder.resolve("m.txt"), "hello");
        Installed.Result dry = sendport("submit", "-c", "quickstart.xml", "--port", "Invoices", "--dry-run", "m.txt");
        assertThat(dry.status()).as(dry.err()).isZero();
        assertThat(dry.out())
                .contains(
                        "Subject: Invoice m.txt",
                        java.util.Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8)));
        assertThat(folder.resolve("var")).doesNotExist();
    }

    /** The limit on a file's size stands for a disk that fails: writing beyond it does, for the one process that has it. */
    @Test
    @InTurn
    void failsASubmissionOnDiskFailureWithoutStoppingTheHost() throws Exception {
        Files.write(folder.resolve("large.bin"), new byte[20_000_000]);
        Files.writeString(folder.resolve("m.txt"), "hello");
        Process run = Installed.run(folder, "", "quickstart.xml");
        Process full = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -f 8000; SENDPORT_CACHE=off exec \"$0\" submit -c quickstart.xml --port Invoices large.bin",
                        Installed.SCRIPT.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(full.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(full.waitFor()).as(said).isEqualTo(3);
        assertThat(said)
                .containsAnyOf(
                        "the disk failed during a commit",
                        "the disk failed during a checkpoint of the write-ahead log");
        Installed.Result after =
                sendport("submit", "-c", "quickstart.xml", "--port", "Invoices", "--wait", "2m", "m.txt");
        assertThat(after.status()).as(after.err()).isZero();
        assertThat(sendport("messages", "list", "-c", "quickstart.xml", "--json")
                        .out()
                        .lines())
                .hasSize(1);
        assertThat(sendport("audit", "verify", "-c", "quickstart.xml").status()).isZero();
        run.destroy();
        Patience.untilEnd(run);
    }

    @Test
    @InTurn
    void feedsAPortFromAFolder() throws Exception {
        Files.createDirectories(folder.resolve("pickup"));
        Files.writeString(folder.resolve("pickup/invoice.xml"), "<invoice/>");
        Files.writeString(
                folder.resolve("feed.routes.xml"),
                "<routes><route id='feed'><from uri='file:" + folder.resolve("pickup")
                        + "?delete=true&amp;moveFailed=.failed&amp;delay=100&amp;initialDelay=0'/>"
                        + "<to uri='sendport:Invoices'/></route></routes>");
        Path config = folder.resolve("feed.xml");
        Files.writeString(
                config,
                Files.readString(folder.resolve("quickstart.xml"))
                        .replace("</host>", "<routes file='feed.routes.xml'/></host>"));
        assertThat(sendport("validate", "-c", "feed.xml").status()).isZero();
        Process run = Installed.run(folder, "", "feed.xml");
        Patience.until("the mail", () -> Files.exists(folder.resolve("var/relay/1.eml")));
        assertThat(Files.readString(folder.resolve("var/relay/1.eml"))).contains("Subject: Invoice invoice.xml");
        assertThat(folder.resolve("pickup/invoice.xml")).doesNotExist();
        run.destroy();
        Patience.untilEnd(run);
        Files.writeString(
                folder.resolve("feed.routes.xml"),
                "<routes><route id='x'><from uri='direct:x'/><to uri='smtp://evil.example'/></route></routes>");
        Installed.Result bypass = sendport("validate", "-c", "feed.xml");
        assertThat(bypass.status()).isEqualTo(2);
        assertThat(bypass.out()).contains("mail can be sent only through send ports");
    }

    @Test
    void printsItsVersionAndACompletionScript() throws Exception {
        assertThat(sendport("--version").out()).containsPattern("^Sendport \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
        assertThat(sendport("generate-completion").out()).contains("complete -F");
    }
}
