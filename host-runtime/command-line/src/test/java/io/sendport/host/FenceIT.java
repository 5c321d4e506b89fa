package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
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
    void drainsAndStopsARunningHostAndReportsWhy() throws Exception {
        ScriptedServer relay = new ScriptedServer().on("DOT", "HOLD 250 2.0.0 Ok: queued as 4BCD");
        try (relay) {
            endsARunningHost(relay);
        }
    }

    private void endsARunningHost(ScriptedServer relay) throws Exception {
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox lease="PT3S"/>
                  <host name="H"><smtp host="127.0.0.1" port="%d" tls="none"/></host>
                  <sendPort name="P" host="H"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                </sendport>
                """.formatted(relay.port()));
        Files.writeString(folder.resolve("body.txt"), "hello");
        Process run = Installed.run(folder, "", "sendport.xml");
        try (MessageBox box = MessageBox.open(
                new ConfigurationReader(new CamelPlaceholders())
                        .readRouting(folder.resolve("sendport.xml"))
                        .messageBox(),
                Access.WRITE,
                Clock.systemUTC())) {
            String[] submit = {"submit", "-c", "sendport.xml", "--port", "P", "body.txt"};
            assertThat(Installed.sendport(folder, submit).status()).isZero();
            Patience.until("the relay has the mail", () -> relay.mails().size() == 1);
            box.store().change(transaction -> transaction.handle().execute("UPDATE store_state SET min_program = 99"));
            Installed.await(folder.resolve("run.log"), "draining: current attempts finish");
            assertThat(run.isAlive()).as("it waits for the answer").isTrue();
            relay.release();
            Patience.untilEnd(run);
            assertThat(box.queries().list(MessageFilter.all(), Optional.empty()))
                    .extracting(MessageRow::state)
                    .as("the answer counts")
                    .containsExactly(MessageState.DONE);
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
