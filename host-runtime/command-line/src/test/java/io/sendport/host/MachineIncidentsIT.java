package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.Deep;
import io.sendport.testing.FreePort;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.ServerKey;
import io.sendport.testing.Skipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can befall the machine, the message box and the configuration, as the shipped script's status tells it, and its end. */
@Timeout(600)
@InTurn
class MachineIncidentsIT {

    @TempDir
    private Path folder;

    private final ScriptedServer good;
    private final ScriptedServer large;
    private ScriptedServer foreign;
    private final int console;
    private Process run;
    private ShownConditions shown;

    MachineIncidentsIT() throws Exception {
        console = FreePort.find();
        good = new ScriptedServer();
        large = new ScriptedServer().on("DOT", "552 5.3.4 too large");
    }

    @BeforeEach
    void start() throws Exception {
        shown = new ShownConditions(folder);
        foreign = new ScriptedServer(
                ServerKey.make(folder, "dns:elsewhere.example", "-1d", 10).context(), true);
        Files.createDirectories(folder.resolve("recipients"));
        certify("-0d", 90);
        Files.writeString(folder.resolve("m.txt"), "hello");
        write("256MB", """
                <sendPort name='Gone' host='Mail' initialState='stopped'><smtp host='127.0.0.1' port='25' tls='none'/></sendPort>""");
        run = Installed.run(folder, "", "sendport.xml");
    }

    @AfterEach
    void stop() throws Exception {
        run.destroyForcibly();
        Patience.untilEnd(run);
        good.close();
        large.close();
        foreign.close();
    }

    /** Gives the recipient a certificate, in the place of another. */
    private void certify(String start, int days) throws Exception {
        Path made = Files.createTempDirectory(folder, "made");
        Files.copy(
                ServerKey.make(made, "email:b@customer.example", start, days).certificate(),
                folder.resolve("recipients/b.pem"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void write(String minFree, String more) throws Exception {
        write(minFree, more, "implicit", foreign);
    }

    private void write(String minFree, String more, String tls, ScriptedServer other) throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns='urn:sendport:config:1'>
                <messageBox url='jdbc:sqlite:var/sendport.db'><limits minFree='%s'/></messageBox>
                <console port='%d'/>
                <pipeline name='Seal'><encode><smime encrypt='true' signature='none' recipientCertificates='recipients'/></encode></pipeline>
                <host name='Mail'><mail from='a@corp.example' to='b@customer.example' subject='s'/><retry count='1000' interval='PT1S'/></host>
                <sendPort name='Good' host='Mail'><smtp host='127.0.0.1' port='%d' tls='none'/></sendPort>
                <sendPort name='Ordered' host='Mail' ordered='true' stopOnFailure='true'><smtp host='127.0.0.1' port='%d' tls='none'/></sendPort>
                <sendPort name='Sealed' host='Mail' pipeline='Seal'><smtp host='127.0.0.1' port='%d' tls='none'/></sendPort>
                <sendPort name='Foreign' host='Mail'><smtp host='127.0.0.1' port='%d' tls='%s'/></sendPort>
                %s
                </sendport>""".formatted(
                        minFree, console, good.port(), large.port(), good.port(), other.port(), tls, more));
    }

    private Installed.Result sendport(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-c");
        all.add("sendport.xml");
        return Installed.sendport(folder, all.toArray(String[]::new));
    }

    private void requireTheCausesInTheConsole() throws Exception {
        ConsoleIncidents.find(
                folder,
                Map.of(
                        "Ordered", "552 5.3.4 too large",
                        "Sealed", "expired",
                        "Foreign", "127.0.0.1",
                        "Gone", "Gone",
                        "Other users", "chmod 700"));
    }

    private void submit(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("submit", "--port"));
        all.addAll(List.of(arguments));
        Installed.Result result = sendport(all.toArray(String[]::new));
        assertThat(result.status()).as(result.err()).isZero();
    }

    private void end(String how, String port, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("messages", how, "--port", port, "--yes"));
        command.addAll(List.of(more));
        Installed.Result result = sendport(command.toArray(String[]::new));
        assertThat(result.status()).as(result.out() + result.err()).isZero();
    }

    @Test
    void eachIsReportedAndEndsWhenFixed() throws Exception {
        assumeTrue(Deep.isOn(), "waits for many conditions of a whole installation");
        Installed.Result second = sendport("run");
        assertThat(second.status()).as("a second instance: " + second.err()).isEqualTo(3);
        assertThat(second.err()).contains(String.valueOf(run.pid()));

        certify("-10d", 5);
        submit("Gone", "m.txt");
        submit("Ordered", "m.txt", "m.txt");
        submit("Foreign", "m.txt", "m.txt", "m.txt");
        shown.await("the certificate", severities -> severities.containsKey("certificateExpired Sealed"));
        submit("Sealed", "m.txt");
        write("256MB", "");
        assertThat(sendport("reload").status()).isZero();
        Files.setPosixFilePermissions(folder.resolve("var"), PosixFilePermissions.fromString("rwxr-xr-x"));
        var status = shown.await(
                "ports and folder",
                severities -> severities.containsKey("portRemoved Gone")
                        && severities.containsKey("orderBlocked Ordered")
                        && severities.containsKey("messagesSuspended Ordered")
                        && severities.containsKey("relayCertificateRefused Foreign")
                        && "attention".equals(severities.get("certificateExpired Sealed"))
                        && severities.containsKey("messagesSuspended Sealed")
                        && severities.containsKey("storeExposed"));
        assertThat(ShownConditions.severities(status)).as("nothing else").hasSize(7);
        requireTheCausesInTheConsole();

        Files.setPosixFilePermissions(folder.resolve("var"), PosixFilePermissions.fromString("rwx------"));
        large.on("DOT", "250 ok");
        certify("-0d", 90);
        end("resume", "Sealed", "--state", "suspended");
        end("resume", "Ordered", "--state", "suspended");
        end("terminate", "Gone");
        write("256MB", "", "none", good);
        shown.await("afterwards", Map::isEmpty);

        long free = folder.toFile().getUsableSpace() >> 20;
        write(free * 3 / 4 + "MB", "");
        shown.await("the disk is low", severities -> "attention".equals(severities.get("diskLow")));
        write(free * 2 + "MB", "");
        shown.await("the disk is full", severities -> "failing".equals(severities.get("diskFull")));
        Installed.Result refused = sendport("submit", "--port", "Good", "m.txt");
        assertThat(refused.status()).as(refused.err()).isEqualTo(3);
        write("256MB", "");

        run.destroyForcibly();
        Patience.untilEnd(run);
        submit("Good", "m.txt");
        shown.await(
                "no instance",
                severities -> severities.containsKey("noInstance Good") && severities.containsKey("instanceDied"));
        run = Installed.run(folder, "", "sendport.xml");
        shown.await("after the restart", Map::isEmpty);
    }

    @Test
    void aClockChangeIsReported() throws Exception {
        assumeTrue(Deep.isOn(), "every process takes 20 s with the library");
        Optional<FakeClock> found = FakeClock.in(folder);
        if (found.isEmpty()) {
            Skipped.note("the condition clockChanged is not provoked, since libfaketime is missing");
        }
        assumeTrue(found.isPresent());
        FakeClock clock = found.get();
        run.destroyForcibly();
        Patience.untilEnd(run);
        Installation machine = new Installation(Installed.SCRIPT, clock.environment());
        run = machine.run(folder, "", "sendport.xml");
        ShownConditions onMachine = new ShownConditions(folder, machine);
        onMachine.await("the clock is right", Map::isEmpty);
        clock.set("+3h");
        onMachine.await("the clock was set", severities -> "attention".equals(severities.get("clockChanged")));
        submit("Good", "m.txt");
        Patience.until("it is sent all the same", () -> !good.mails().isEmpty());
        clock.set("+0");
        onMachine.await("the clock is right again", Map::isEmpty);
    }

    @Test
    void aReaderThatHoldsBackTheWriteAheadLogIsReported() throws Exception {
        assumeTrue(Deep.isOn(), "writes 100 MB");
        Files.write(folder.resolve("large.bin"), new byte[20 << 20]);
        try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("var/sendport.db"));
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            try (ResultSet row = statement.executeQuery("SELECT count(*) FROM message")) {
                row.next();
            }
            submit("Gone", "large.bin", "large.bin", "large.bin", "large.bin", "large.bin");
            shown.await("a reader", severities -> "attention".equals(severities.get("logHeldBack")));
        }
        end("terminate", "Gone");
        shown.await("afterwards", Map::isEmpty);
    }
}
