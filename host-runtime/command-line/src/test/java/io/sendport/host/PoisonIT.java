package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that ends the process while a component works on it is suspended, and no message that was in hand beside it. */
@Timeout(600)
@InTurn
class PoisonIT {

    private static final int IN_HAND = 8;
    private static final int MAX_STARTS = 6;
    private static final int KILLED = 137;
    private static final String POISON = "poison";
    private static final Pattern MESSAGE_ID = Pattern.compile("Message-ID: <([^@>]+)@");

    @TempDir
    private Path folder;

    private ScriptedServer relay;
    private Process process;

    /**
     * Ends the process for the message that says so. At the first start it holds all messages until eight are in it, so that the process
     * has all of them in hand when it ends.
     */
    public record EndsTheProcess(Path folder) implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) throws Exception {
            String text;
            try (InputStream in = message.bodyPart().body().open()) {
                text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            }
            boolean first = Files.notExists(folder.resolve("restarted"));
            if (first) {
                Files.createFile(folder.resolve(text));
                while (count() < IN_HAND || !text.equals(POISON)) {
                    LockSupport.parkNanos(10_000_000);
                }
            }
            if (text.equals(POISON)) {
                Runtime.getRuntime().halt(KILLED);
            }
            return Optional.of(message);
        }

        private long count() throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.count();
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        relay = new ScriptedServer();
        PluginJar.write(folder.resolve("home/plugins"), EndsTheProcess.class);
        Files.createDirectories(folder.resolve("hand"));
    }

    @AfterEach
    void stop() throws Exception {
        kill();
        relay.close();
    }

    private void configure(String store, int connections, String component) throws IOException {
        String url = store.equals("postgresql") ? TestPostgres.newDatabase() : "jdbc:sqlite:box.db";
        Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="%s" user="postgres" lease="PT5S"/>
                  <host name="H"><smtp host="127.0.0.1" port="%d" tls="none" maxConnections="%d"/></host>
                  <pipeline name="Own"><preAssemble>%s</preAssemble></pipeline>
                  <sendPort name="P" host="H" pipeline="Own"><mail from="a@corp.example" to="b@customer.example"/></sendPort>
                </sendport>
                """.formatted(url, relay.port(), connections, component));
    }

    private Routing routing() {
        return new ConfigurationReader(new CamelPlaceholders()).readRouting(folder.resolve("sendport.xml"));
    }

    private List<MessageId> submit(List<String> texts) {
        Routing routing = routing();
        List<MessageId> ids = new ArrayList<>();
        try (MessageBox box = MessageBox.open(routing.messageBox(), Access.CREATE, Clock.systemUTC())) {
            SubmissionService submissionService = new SubmissionService(routing, box, port -> {});
            for (String text : texts) {
                Part body = Part.body("text/plain", Body.of(text, StandardCharsets.US_ASCII));
                ids.add(submissionService
                        .submit(new Submission("P", Context.empty(), List.of(body), Optional.empty(), "test"))
                        .id());
            }
        }
        return ids;
    }

    /** Plug-ins come from a folder of this test. */
    private void run() throws Exception {
        process = Installed.run(folder, "-Dsendport.home=" + folder.resolve("home"), "sendport.xml");
    }

    private void kill() throws InterruptedException {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean happens(Callable<Boolean> wanted) throws Exception {
        return Patience.happens(Patience.LIMIT, wanted::call);
    }

    private MessageRow row(MessageBox box, MessageId id) {
        return box.queries().byPrefix(id.value()).get(0);
    }

    private MessageBox open() {
        return MessageBox.open(routing().messageBox(), Access.READ, Clock.systemUTC());
    }

    /** Whether nothing more happens by itself. */
    private boolean isSettled(MessageBox box, List<MessageId> ids) {
        return ids.stream()
                .map(id -> row(box, id).state())
                .allMatch(state -> state.isEnd() || state == MessageState.SUSPENDED || state == MessageState.IN_DOUBT);
    }

    private List<String> arrived() {
        List<String> ids = new ArrayList<>();
        for (String mail : relay.mails()) {
            Matcher matcher = MESSAGE_ID.matcher(mail);
            assertThat(matcher.find()).as(mail).isTrue();
            ids.add(matcher.group(1));
        }
        return ids;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void suspendsAMessageThatCrashesTheProcessAndSendsTheOthersOnce(String store) throws Exception {
        configure(
                store,
                IN_HAND,
                "<component class=\"" + EndsTheProcess.class.getName() + "\"><property name=\"folder\" value=\""
                        + folder.resolve("hand") + "\"/></component>");
        List<String> texts = new ArrayList<>(List.of("a", "b", "c", POISON, "d", "e", "f", "g"));
        List<MessageId> ids = submit(texts);
        MessageId poison = ids.get(texts.indexOf(POISON));

        run();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the process ends").isTrue();
        assertThat(process.exitValue()).isEqualTo(KILLED);
        assertThat(folder.resolve("hand").toFile().list())
                .as("all were in hand")
                .hasSize(IN_HAND);
        Files.createFile(folder.resolve("hand/restarted"));
        int starts = 1;
        boolean settled = false;
        try (MessageBox box = open()) {
            while (!settled && starts < MAX_STARTS) {
                run();
                starts++;
                assertThat(happens(() -> !process.isAlive() || isSettled(box, ids)))
                        .as("the process ends or the box settles")
                        .isTrue();
                settled = process.isAlive() && isSettled(box, ids);
            }
            assertThat(settled)
                    .as("the process stays up, at the latest at start " + MAX_STARTS)
                    .isTrue();
            for (MessageId id : ids) {
                MessageRow row = row(box, id);
                assertThat(row.state())
                        .as(texts.get(ids.indexOf(id)) + ": " + row.lastError())
                        .isEqualTo(id.equals(poison) ? MessageState.SUSPENDED : MessageState.DONE);
            }
            assertThat(row(box, poison).lastError()).contains("preAssemble", EndsTheProcess.class.getName());
            assertThat(TestBox.verify(box, routing().messageBox().place()).fault())
                    .isEmpty();
        }
        assertThat(arrived())
                .as("what arrived, each once")
                .containsExactlyInAnyOrderElementsOf(ids.stream()
                        .filter(id -> !id.equals(poison))
                        .map(MessageId::value)
                        .toList());
        Installed.Result told = Installed.sendport(folder, "messages", "explain", poison.value(), "-c", "sendport.xml");
        assertThat(told.out()).contains("SUSPENDED", "preAssemble", EndsTheProcess.class.getName());
    }

    /**
     * Neither message ended the process: one was with the relay, the other waited for the only connection. No component worked on them.
     */
    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void sendsMessagesWaitingForTheRelayAfterTwoKills(String store) throws Exception {
        configure(store, 1, "");
        relay.on("DATA", "HANG");
        List<MessageId> ids = submit(List.of("x", "y"));
        for (int kills = 1; kills <= 2; kills++) {
            int attempts = kills;
            run();
            assertThat(happens(() -> relay.count("DATA") == attempts))
                    .as("the relay has attempt %s", attempts)
                    .isTrue();
            kill();
        }
        relay.on("DATA", "354 go on");
        run();
        try (MessageBox box = open()) {
            assertThat(happens(() -> isSettled(box, ids))).isTrue();
            for (MessageId id : ids) {
                MessageRow row = row(box, id);
                assertThat(row.state()).as(row.lastError()).isEqualTo(MessageState.DONE);
            }
        }
        assertThat(arrived())
                .containsExactlyInAnyOrderElementsOf(
                        ids.stream().map(MessageId::value).toList());
    }
}
