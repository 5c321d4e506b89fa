package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageState;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was submitted while the clock was ahead is sent at the next start with a correct clock. */
@Timeout(300)
class WrongClockIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void sendsMessagesSubmittedWhileTheClockWasAhead(String store) throws Exception {
        String url = store.equals("postgresql") ? TestPostgres.newDatabase() : "jdbc:sqlite:box.db";
        try (ScriptedServer relay = new ScriptedServer()) {
            String configuration = """
                    <messageBox url='%s' user='postgres'/>
                    <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
                    <sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example'/></sendPort>
                    """.formatted(url, relay.port());
            Configuration read =
                    RunningHost.read(folder, configuration).configuration().orElseThrow();
            SettableClock ahead = new SettableClock();
            ahead.advance(Duration.between(ahead.instant(), Clock.systemUTC().instant())
                    .plusDays(3));
            MessageId id;
            try (MessageBox box = MessageBox.open(read.messageBox(), Access.CREATE, ahead)) {
                id = new SubmissionService(Routing.of(read), box, port -> {})
                        .submit(new Submission(
                                "P",
                                Context.empty(),
                                List.of(Part.body("text/plain", Body.of("x", StandardCharsets.US_ASCII))),
                                Optional.empty(),
                                "test"))
                        .id();
            }
            try (RunningHost host = RunningHost.start(folder, configuration)) {
                assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
                Patience.until(
                        "operators see that the newest record is of the future",
                        () -> host.process().health().conditions().stream()
                                .anyMatch(each -> each.kind() == ConditionKind.CLOCK_CHANGED));
            }
        }
    }
}
