package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.Deep;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.ServerKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can befall the machine, the message box and the configuration, as the shipped script's status tells it, and its end. */
@Timeout(600)
class MachineIncidentsIT {

    @TempDir
    private Path folder;

    private final ScriptedServer good;
    private final ScriptedServer large;
    private ScriptedServer foreign;
    private Process run;
    private ShownConditions shown;

    MachineIncidentsIT() throws Exception {
        good = new ScriptedServer();
        large = new ScriptedServer().on("DOT", "552 5.3.4 too large");
    }

    @BeforeEach
    void start() throws Exception {
        shown = new ShownConditions(folder);
        foreign = new ScriptedServer(
                ServerKey.make(folder, "dns:elsewhere.example", "-1d", 10).context(), true);
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

    private void write(String minFree, String more) throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns='urn:sendport:config:1'>
                <messageBox url='jdbc:sqlite:var/sendport.db'><limits minFree='%s'/></messageBox>
                <host name='Mail'><mail from='a@corp.example' to='b@customer.example' subject='s'/><retry count='1000' interval='PT1S'/></host>
                <sendPort name='Good' host='Mail'><smtp host='127.0.0.1' port='%d' tls='none'/></sendPort>
                <sendPort name='Ordered' host='Mail' ordered='true' stopOnFailure='true'><smtp host='127.0.0.1' port='%d' tls='none'/></sendPort>
                <sendPort name='Foreign' host='Mail'><smtp host='127.0.0.1' port='%d' tls='implicit'/></sendPort>
                %s
                </sendport>""".formatted(
                        minFree, good.port(), large.port(), foreign.port(), more));
    }

    private Installed.Result sendport(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-c");
        all.add("sendport.xml");
        return Installed.sendport(folder, all.toArray(String[]::new));
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
    void eachIsToldAndEndsWhenItIsMended() throws Exception {
        Installed.Result second = sendport("run");
        assertThat(second.status()).as("a second instance: " + second.err()).isEqualTo(3);
        assertThat(second.err()).contains(String.valueOf(run.pid()));

        submit("Gone", "m.txt");
        submit("Ordered", "m.txt", "m.txt");
        submit("Foreign", "m.txt", "m.txt", "m.txt");
        write("256MB", "");
        assertThat(sendport("reload").status()).isZero();
        Files.setPosixFilePermissions(folder.resolve("var"), PosixFilePermissions.fromString("rwxr-xr-x"));
        var status = shown.await(
                "ports and folder",
                severities -> severities.containsKey("portRemoved Gone")
                        && severities.containsKey("orderBlocked Ordered")
                        && severities.containsKey("messagesSuspended Ordered")
                        && severities.containsKey("relayCertificateRefused Foreign")
                        && severities.containsKey("storeExposed"));
        assertThat(ShownConditions.severities(status)).as("nothing else").hasSize(5);

        Files.setPosixFilePermissions(folder.resolve("var"), PosixFilePermissions.fromString("rwx------"));
        large.on("DOT", "250 ok");
        end("resume", "Ordered", "--state", "suspended");
        end("terminate", "Gone");
        end("terminate", "Foreign");
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
    void aReaderThatHoldsTheLogBackIsTold() throws Exception {
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
