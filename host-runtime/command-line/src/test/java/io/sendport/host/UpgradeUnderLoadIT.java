package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.Skipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * "Upgrade under load" of docs/runbooks.md, from an earlier distribution to this one. {@code -Dsendport.previous} names the folder of the
 * earlier one; without it nothing is tested.
 */
@Timeout(600)
class UpgradeUnderLoadIT {

    private static final int ENOUGH = 10;
    private static final Installation BUILT = new Installation(Installed.SCRIPT, Map.of());

    @TempDir
    private Path folder;

    private Installation earlier;

    @BeforeEach
    void findTheEarlierDistribution() {
        String named = System.getProperty("sendport.previous", "");
        if (named.isEmpty()) {
            Skipped.note("the upgrade under load, since -Dsendport.previous names no earlier distribution");
        }
        assumeTrue(!named.isEmpty(), "no earlier distribution is named");
        earlier = new Installation(Path.of(named, "bin/sendport"), Map.of("SENDPORT_CACHE", "off"));
    }

    private void write(String messageBox, ScriptedServer relay) throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns='urn:sendport:config:1'>
                %s
                <host name='Mail'><smtp host='127.0.0.1' port='%d' tls='none'/>
                  <mail from='a@corp.example' to='b@customer.example' subject='Order %%MIME.FileName%%'/></host>
                <sendPort name='P' host='Mail'/></sendport>""".formatted(messageBox, relay.port()));
    }

    private SteadySubmitter submitter() {
        return new SteadySubmitter(folder, "sendport.xml", earlier, status -> status == 3);
    }

    private void goOnWithTheNewVersion(SteadySubmitter submitter, ScriptedServer relay) throws Exception {
        Process run = BUILT.run(folder, "", "sendport.xml");
        try {
            submitter.use(BUILT);
            submitter.awaitMore(ENOUGH);
            submitter.stop();
            submitter.requireEachOnce(relay);
            Installed.Result verified = Installed.sendport(folder, "audit", "verify", "-c", "sendport.xml");
            assertThat(verified.status()).as(verified.out() + verified.err()).isZero();
        } finally {
            run.destroy();
            Patience.untilEnd(run);
        }
    }

    @Test
    void losesNoMessageOnSqlite() throws Exception {
        try (ScriptedServer relay = new ScriptedServer()) {
            write("<messageBox url='jdbc:sqlite:var/sendport.db'/>", relay);
            Process old = earlier.run(folder, "", "sendport.xml");
            SteadySubmitter submitter = submitter();
            submitter.awaitMore(ENOUGH);
            old.destroy();
            Patience.untilEnd(old);
            goOnWithTheNewVersion(submitter, relay);
        }
    }

    @Test
    void losesNoMessageOnADatabaseSharedByTwoInstances() throws Exception {
        try (ScriptedServer relay = new ScriptedServer();
                KillablePostgres server = new KillablePostgres(folder.resolve("pg"))) {
            write(
                    "<messageBox url='%s' user='postgres' password='postgres' lease='PT5S'/>".formatted(server.url()),
                    relay);
            Process one = earlier.run(folder, "", "sendport.xml");
            Path log = folder.resolve("second.log");
            Process two = earlier.start(folder, "", folder.resolve("second.out"), log, "run", "-c", "sendport.xml");
            Patience.until("the second instance", () -> Installed.read(log).contains("ready after"));
            SteadySubmitter submitter = submitter();
            submitter.awaitMore(ENOUGH);
            Installed.Result migrated = BUILT.sendport(
                    folder, "store", "migrate", "-c", "sendport.xml", "--backup", "none, this is a test");
            assertThat(migrated.status()).as(migrated.out() + migrated.err()).isZero();
            for (Process each : List.of(one, two)) {
                Patience.untilEnd(each);
                assertThat(each.exitValue()).as("come back as the new version").isEqualTo(3);
            }
            goOnWithTheNewVersion(submitter, relay);
        }
    }
}
