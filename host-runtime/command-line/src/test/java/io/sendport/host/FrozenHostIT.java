package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageState;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that stands still between the final dot and its answer, for longer than its lease, and then goes on. */
@Timeout(300)
@InTurn
class FrozenHostIT {

    @TempDir
    private Path folder;

    private static void signal(Process process, String signal) throws Exception {
        List<String> pids = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(each -> Long.toString(each.pid()))
                .toList();
        for (String pid : pids) {
            Patience.untilEnd(
                    new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start());
        }
    }

    private static List<String> kinds(RunningHost host, MessageId id) {
        return host.records(id).stream().map(each -> each.header("kind")).toList();
    }

    @Test
    void usesALateReplyAfterAnotherHostTookOverTheMessage() throws Exception {
        Path first = Files.createDirectories(folder.resolve("first"));
        Path second = Files.createDirectories(folder.resolve("second"));
        try (ScriptedServer relay = new ScriptedServer().on("DOT", "HOLD 250 2.0.0 Ok: queued as 4BCD")) {
            String configuration = """
                    <messageBox url='%s' user='postgres' password='postgres' lease='PT5S'/>
                    <host name='H'><retry count='3' interval='PT1S' inDoubt='hold'/></host>
                    <sendPort name='P' host='H'>
                      <smtp host='127.0.0.1' port='%d' tls='none'/>
                      <mail from='a@corp.example' to='b@customer.example'/>
                    </sendPort>
                    """.formatted(TestPostgres.newDatabase(), relay.port());
            RunningHost.write(first, configuration);
            Process frozen = Installed.run(first, "-Xmx256m", "sendport.xml");
            try {
                Files.writeString(first.resolve("body.txt"), "hello");
                Installed.Result submitted =
                        Installed.sendport(first, "submit", "-c", "sendport.xml", "--port", "P", "body.txt");
                assertThat(submitted.status()).as(submitted.err()).isZero();
                Patience.until(
                        "the mail is with the relay", () -> !relay.mails().isEmpty());
                signal(frozen, "STOP");
                try (RunningHost other = RunningHost.start(second, configuration)) {
                    MessageId id = new MessageId(submitted.out().strip().split("\\s+")[0]);
                    assertThat(other.await(id, row -> row.state() == MessageState.IN_DOUBT)
                                    .state())
                            .isEqualTo(MessageState.IN_DOUBT);
                    ShownConditions shown = new ShownConditions(second);
                    shown.await("the other is in charge", severities -> severities.containsKey("messagesInDoubt P"));
                    relay.release();
                    signal(frozen, "CONT");
                    assertThat(other.await(id, row -> row.state() == MessageState.DONE)
                                    .state())
                            .isEqualTo(MessageState.DONE);
                    assertThat(kinds(other, id))
                            .containsExactly("SUBMITTED", "ATTEMPT_STARTED", "IN_DOUBT", "ACCEPTED");
                    assertThat(relay.mails()).hasSize(1);
                    shown.await("all are back", Map::isEmpty);
                }
            } finally {
                signal(frozen, "CONT");
                frozen.destroyForcibly();
                Patience.untilEnd(frozen);
            }
        }
    }
}
