package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageState;
import io.sendport.testing.Deep;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Operators act on messages from another process while a host that claims in memory sends them. */
@Timeout(1800)
@InTurn
class ActsWhileSendingIT {

    private static final Pattern MESSAGE_ID = Pattern.compile("(?i)message-id: <([0-9a-f-]{36})");
    private static final Set<String> OUTCOMES = Set.of("ACCEPTED", "TERMINATED", "CONSUMED", "RESOLVED");

    @TempDir
    private Path folder;

    /** Takes a few milliseconds, so that acts hit messages that are in their pipelines. */
    public record TakesTime() implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) throws Exception {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(8));
            return Optional.of(message);
        }
    }

    @Test
    void eachMessageHasOneOutcomeAndIsNotSentAfterTermination() throws Exception {
        int acts = Deep.times(150, 10_000);
        try (ScriptedServer relay = new ScriptedServer();
                RunningHost host = RunningHost.start(folder, """
                        <messageBox url='jdbc:sqlite:sendport.db'/><host name='H'/>
                        <pipeline name='Own'><preAssemble><component class='%s'/></preAssemble></pipeline>
                        <sendPort name='P' host='H' pipeline='Own'>
                          <smtp host='127.0.0.1' port='%d' tls='none' maxConnections='2'/>
                          <mail from='a@corp.example' to='b@customer.example'/>
                        </sendPort>
                        """.formatted(TakesTime.class.getName(), relay.port()))) {
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            ActingProgram.class.getName(),
                            folder.toString(),
                            Integer.toString(acts),
                            "4711")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<String> done = new ArrayList<>();
            try (BufferedReader said =
                    new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
                awaitLine(said, "ready", done);
                AtomicBoolean ended = new AtomicBoolean();
                Thread submitting = new Thread(() -> {
                    while (!ended.get()) {
                        host.submit("P", Body.of("x", StandardCharsets.US_ASCII));
                    }
                });
                submitting.start();
                awaitLine(said, "end", done);
                ended.set(true);
                submitting.join();
            } finally {
                other.destroyForcibly();
            }
            assertThat(done).hasSize(acts);
            Patience.until("the rest is sent", () -> host.process()
                    .box()
                    .queries()
                    .list(
                            MessageFilter.in(Set.of(MessageState.WAITING, MessageState.SENDING, MessageState.RETRYING)),
                            Optional.of(1))
                    .isEmpty());
            requireOneOutcome(host, relay);
        }
    }

    private static void requireOneOutcome(RunningHost host, ScriptedServer relay) {
        List<String> sent = relay.mails().stream()
                .map(MESSAGE_ID::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
        assertThat(sent).hasSameSizeAs(relay.mails()).doesNotHaveDuplicates();
        Set<String> terminated = new HashSet<>();
        host.process()
                .box()
                .queries()
                .list(MessageFilter.all(), Optional.empty())
                .forEach(row -> {
                    List<String> kinds = host.records(new MessageId(row.id().value())).stream()
                            .map(each -> each.header("kind"))
                            .toList();
                    List<String> outcomes =
                            kinds.stream().filter(OUTCOMES::contains).toList();
                    assertThat(outcomes).as(row.id() + " " + kinds).hasSizeLessThanOrEqualTo(1);
                    assertThat(row.state()).isIn(MessageState.DONE, MessageState.TERMINATED, MessageState.SUSPENDED);
                    assertThat(sent.contains(row.id().value()))
                            .as(kinds.toString())
                            .isEqualTo(row.state() == MessageState.DONE);
                    assertThat(kinds.contains("ATTEMPT_STARTED"))
                            .as(kinds.toString())
                            .isEqualTo(row.state() == MessageState.DONE);
                    if (row.state() == MessageState.TERMINATED) {
                        terminated.add(row.id().value());
                    }
                });
        assertThat(terminated).as("acts came first now and then").isNotEmpty().doesNotContainAnyElementsOf(sent);
    }

    private static void awaitLine(BufferedReader said, String last, List<String> others) throws Exception {
        for (String line = said.readLine(); !last.equals(line); line = said.readLine()) {
            assertThat(line).as("the other process has ended").isNotNull();
            if (line.matches("[A-Z]+ [0-9a-f-]{36}")) {
                others.add(line);
            }
        }
    }
}
