package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the log says while the database is away. */
@Timeout(300)
@InTurn
class DatabaseOutageIT {

    @TempDir
    private Path folder;

    @Test
    void theLogHasTheBeginningAndTheEndOfAnOutageAndNoStackTrace() throws Exception {
        String url = TestPostgres.newDatabase();
        try (SilentProxy proxy = new SilentProxy(Integer.parseInt(url.replaceFirst(".*:(\\d+)/.*", "$1")))) {
            Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns='urn:sendport:config:1'>
                    <messageBox url='%s' user='postgres' lease='PT3S'/>
                    <host name='H'><auditRelay embedded='true' archive='relay'/></host>
                    <sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example'/></sendPort>
                    </sendport>
                    """.formatted(
                            url.replaceFirst(":\\d+/", ":" + proxy.port() + "/")));
            Process run = Installed.run(folder, "", "sendport.xml");
            Path log = folder.resolve("run.log");
            try {
                proxy.stop();
                Installed.await(log, "The message box is unavailable");
                Patience.whileItHolds("several renewals fail", Duration.ofSeconds(7), run::isAlive);
                proxy.heal();
                Installed.await(log, "The message box is available again");
                Installed.await(log, "is renewed again");
            } finally {
                run.destroyForcibly();
            }
            List<String> lines = Installed.read(log).lines().toList();
            assertThat(lines)
                    .noneMatch(each -> each.startsWith("\tat ") || each.startsWith("Caused by"))
                    .noneMatch(each -> each.contains("INSERT INTO"));
            assertThat(lines.stream().filter(each -> each.contains("cannot renew the lease")))
                    .hasSize(1);
        }
    }
}
