package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.component.timestamp.TestTsa;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints and a server for time stamps that comes and goes. */
@Timeout(300)
class TimeStampIT {

    @TempDir
    private Path folder;

    @Test
    void stampsCheckpointsOnceTheServerIsBack() throws Exception {
        try (TestTsa tsa = new TestTsa();
                RunningHost host = RunningHost.start(folder, """
                        <messageBox url="jdbc:sqlite:var/sendport.db"/>
                        <auditLedger checkpointInterval="PT0.5S" timestampServer="%s"/>
                        <host name="Mail"><auditRelay embedded="true" archive="var/relay"/></host>
                        <sendPort name="P" host="Mail"><mail from="a@corp.example" to="b@customer.example" subject="s"/></sendPort>
                        """.formatted(tsa.address()))) {
            tsa.away(true);
            MessageId id = host.submit("P", Body.of("hello", StandardCharsets.UTF_8));
            host.await(id, row -> row.state().isEnd());
            Patience.until(() -> host.told(ConditionKind.TIME_STAMP_OVERDUE).contains("answered 503"));
            assertThat(verify(host).stamped()).isEmpty();
            tsa.away(false);
            Patience.until(() -> verify(host).stamped().isPresent());
            assertThat(verify(host).fault()).isEmpty();
            assertThat(verify(host).stamped()).hasValueSatisfying(said -> assertThat(said)
                    .contains("existed at", "says CN=Test TSA (certificate "));
            Patience.until(() -> host.told(ConditionKind.TIME_STAMP_OVERDUE).isEmpty());
            Path stamps = folder.resolve("var/sendport.db.checkpoints/timestamps.jsonl");
            List<String> lines = Files.readAllLines(stamps);
            Files.writeString(stamps, lines.get(0).replaceFirst("\"token\":\"[^\"]{8}", "\"token\":\"AAAAAAAA") + "\n");
            assertThat(verify(host).fault())
                    .hasValueSatisfying(fault -> assertThat(fault).contains("the time stamp of the checkpoint of"));
        }
    }

    private Verification.Finding verify(RunningHost host) {
        return new Verification(
                        host.process().box().store(),
                        Checkpoints.of(folder.resolve("var/sendport.db"), Optional.empty()))
                .run();
    }
}
