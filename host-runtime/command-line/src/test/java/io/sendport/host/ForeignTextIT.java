package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.NobodysPort;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a message says, on the terminal and in the log of who looks at it; and what the process keeps beside it. */
@Timeout(600)
@InTurn
class ForeignTextIT {

    /** What XML may hold of what a terminal obeys. */
    private static final String IN_XML = "x\u202Ea\u2066b\u200Fc\u061Cd\u2028e\u0085f\u009B2Jg&#13;h&#10;forged line";

    private static final String ON_COMMAND_LINE = "x\u001B[2J\u001B]0;title\u0007\r\nforged line\u007F";

    @TempDir
    private Path folder;

    @BeforeEach
    void configure() throws IOException {
        Files.createDirectory(folder.resolve("tmp"));
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:var/sendport.db"/>
                  <promote property="P" xpath="/m"/>
                  <host name="H"><auditRelay embedded="true" archive="var/relay"/></host>
                  <sendPort name="Priority" host="H">
                    <mail from="a@corp.example" to="b@customer.example" transferPriority="%P%"/>
                  </sendPort>
                  <sendPort name="Receipt" host="H">
                    <mail from="a@corp.example" to="b@customer.example" deliveryReceipt="%P%"/>
                  </sendPort>
                </sendport>
                """);
        Files.writeString(folder.resolve("m.xml"), "<m>" + IN_XML + "</m>");
        Files.writeString(folder.resolve("m.txt"), "hello");
    }

    private Installed.Result sendport(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-c", "sendport.xml"));
        return Installed.sendport(folder, all.toArray(String[]::new));
    }

    private static void requireHarmless(String what, String text) {
        assertThat(text.codePoints())
                .as(what + ": " + text)
                .noneMatch(c -> (Character.isISOControl(c) && c != '\n' && c != '\t')
                        || Character.getType(c) == Character.FORMAT
                        || c == 0x2028
                        || c == 0x2029);
        assertThat(text.lines()).as(what).noneMatch(line -> line.startsWith("forged line"));
    }

    private void requireHarmless(Installed.Result result) {
        requireHarmless("standard output", result.out());
        requireHarmless("standard error", result.err());
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private void requireNothingUnpacked() throws IOException {
        for (String each : List.of("tmp", "var/sqlite-native")) {
            try (Stream<Path> files = Files.list(folder.resolve(each))) {
                assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith("hsperf")))
                        .as(each)
                        .isEmpty();
            }
        }
    }

    @Test
    void escapesMessageTextAndProtectsTheMessageBox() throws Exception {
        Installed.Result first = sendport("submit", "--port", "Priority", "m.xml");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(mode(folder.resolve("var"))).as("submit came first").isEqualTo("rwx------");
        Files.setPosixFilePermissions(folder.resolve("var"), PosixFilePermissions.fromString("rwxr-xr-x"));

        Process run = Installed.run(
                folder, "-Djava.io.tmpdir=" + folder.resolve("tmp").toAbsolutePath(), "sendport.xml");
        requireNothingUnpacked();
        List<Installed.Result> said = new ArrayList<>();
        Installed.Result waited = sendport("submit", "--port", "Receipt", "--wait", "2m", "m.xml");
        assertThat(waited.status()).as(waited.out() + waited.err()).isEqualTo(1);
        assertThat(waited.err()).contains("is not allowed; expected the word none, or one or more of success");
        said.add(waited);
        said.add(sendport("submit", "--port", "Priority", "--set", "P=" + ON_COMMAND_LINE, "--wait", "2m", "m.txt"));
        assertThat(said.get(1).err()).contains("transferPriority: ");
        for (String[] command : new String[][] {
            {"messages", "list"},
            {"messages", "list", "--json"},
            {"messages", "explain", first.out().strip()},
            {"ports"},
            {"status"},
            {"audit", "search", "--json"},
            {"audit", "report"},
            {"submit", "--port", "Priority", "--dry-run", "m.xml"},
            {"submit", "--port", "No\u001B[2J\nforged line", "m.xml"}
        }) {
            said.add(sendport(command));
        }
        said.forEach(this::requireHarmless);
        Installed.Result list = said.get(2);
        assertThat(list.out().lines().filter(line -> line.contains("Priority")))
                .as("a line for a message: " + list.out())
                .hasSize(2)
                .allMatch(line -> line.contains("suspended") && line.contains("transferPriority: "));

        Installed.Result status = sendport("status");
        assertThat(status.out())
                .contains("Other users of this machine can read the message box", "mode rwxr-xr-x", "chmod 700 ");
        assertThat(Installed.read(folder.resolve("run.log"))).contains("mode rwxr-xr-x, expected rwx------");

        run.destroyForcibly();
        Patience.untilEnd(run);
        requireNothingUnpacked();
        requireHarmless("the log", Installed.read(folder.resolve("run.log")));
    }

    @Test
    void refusesAnInvalidContentType() throws Exception {
        for (String type : List.of("x\" <evil@z.test>", "text/plain\r\nX-Injected: yes", "text")) {
            Installed.Result refused = sendport("submit", "--port", "Priority", "--content-type", type, "m.txt");
            assertThat(refused.status()).as(refused.out()).isEqualTo(2);
            assertThat(refused.err()).contains("--content-type", "is not a valid media type; use, for example,");
            requireHarmless(refused);
        }
        assertThat(folder.resolve("var")).as("nothing was done").doesNotExist();
    }

    @Test
    void warnsAboutAFolderThatOthersCanAccess() throws Exception {
        try (NobodysPort nobody = new NobodysPort()) {
            Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns="urn:sendport:config:1">
                      <messageBox url="jdbc:sqlite:var/sendport.db"/>
                      <host name="H"><smtp host="127.0.0.1" port="%d" tls="none"/></host>
                      <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                    </sendport>
                    """.formatted(nobody.number()));
            Files.createDirectory(
                    folder.resolve("var"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
            assertThat(sendport("doctor").out())
                    .contains(
                            "message box\n  WARN  folder        The folder ",
                            "mode rwxr-x---",
                            "\n                      -> ");
            Files.setPosixFilePermissions(folder.resolve("var"), PosixFilePermissions.fromString("rwx------"));
            assertThat(sendport("doctor").out())
                    .contains("message box\n  OK    folder        ", "is accessible only to its owner");
        }
    }
}
