package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A newer program takes over the store of one that runs. */
@Timeout(300)
@InTurn
class FenceIT {

    @TempDir
    private Path folder;

    @Test
    void endsARunningHostInOrderAndSaysWhy() throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox lease="PT3S"/>
                  <host name="H"><auditRelay embedded="true" archive="var/relay"/></host>
                  <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                </sendport>
                """);
        Process run = Installed.run(folder, "", "sendport.xml");
        try (MessageBox box = MessageBox.open(
                new ConfigurationReader(new CamelPlaceholders())
                        .readRouting(folder.resolve("sendport.xml"))
                        .messageBox(),
                Access.WRITE,
                Clock.systemUTC())) {
            box.store().change(transaction -> transaction.handle().execute("UPDATE store_state SET min_program = 99"));
            Patience.untilEnd(run);
            assertThat(run.exitValue()).as("not now").isEqualTo(3);
            assertThat(Installed.read(folder.resolve("run.log")))
                    .contains("upgraded by a newer program", "draining: current attempts finish");
            assertThat(box.instances().open()).as("it said goodbye").isEmpty();
        }
        Installed.Result refused = Installed.sendport(folder, "run", "-c", "sendport.xml");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.err()).contains("upgraded by a newer program");
    }
}
