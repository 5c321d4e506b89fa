package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.Routing;
import io.sendport.config.port.PortState;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that lost commits it had acknowledged is noticed, and nothing is sent from it until a person accepts the loss. */
@Timeout(600)
@InTurn
class LostCommitsIT {

    /** Several times as long as work that nobody tells of may go unnoticed. */
    private static final Duration LONG_ENOUGH_TO_CLAIM = Duration.ofSeconds(5);

    private static final Body BODY = Body.of("x", StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private Path own;
    private PostgresPair pair;
    private ScriptedServer relay;
    /** Takes a mail and does not answer. */
    private ScriptedServer mute;

    /** What is open in the database after the loss. */
    private final List<MessageId> open = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        own = Files.createDirectories(folder.resolve("host"));
        relay = new ScriptedServer().on("RCPT TO:<later@", "451 4.3.0 later");
        mute = new ScriptedServer().on("DOT", "HANG");
        pair = new PostgresPair(folder.resolve("pair"));
        pair.makeAsynchronous();
    }

    @AfterEach
    void stop() throws Exception {
        pair.close();
        relay.close();
        mute.close();
    }

    private String configuration() {
        return """
                <messageBox url='%s' user='postgres' lease='PT5S'/>
                <host name='H'>
                  <smtp host='127.0.0.1' port='%d' tls='none'/>
                  <retry count='5' interval='PT1H'/>
                </host>
                <sendPort name='Sent' host='H'><mail from='a@corp.example' to='sent@customer.example'/></sendPort>
                <sendPort name='Later' host='H'><mail from='a@corp.example' to='later@customer.example'/></sendPort>
                <sendPort name='Held' host='H' initialState='stopped'><mail from='a@corp.example' to='held@customer.example'/></sendPort>
                <sendPort name='Mute' host='H'>
                  <smtp host='127.0.0.1' port='%d' tls='none'/>
                  <mail from='a@corp.example' to='mute@customer.example'/>
                </sendPort>
                """.formatted(pair.url(), relay.port(), mute.port());
    }

    private RunningHost host() throws Exception {
        return RunningHost.start(own, configuration());
    }

    private static MessageState state(RunningHost host, MessageId id) {
        return host.row(id).state();
    }

    /**
     * Commits that only the primary has: new messages, and what became of three that the standby has as waiting, waiting for a retry and
     * being sent.
     */
    private void acknowledgeWhatTheStandbyDoesNotGet(RunningHost host) throws Exception {
        MessageId held = host.submit("Held", BODY);
        MessageId later = host.submit("Later", BODY);
        MessageId unanswered = host.submit("Mute", BODY);
        open.addAll(List.of(held, later, unanswered));
        await(() -> state(host, later) == MessageState.RETRYING, "a message waits for its next attempt");
        await(() -> mute.mails().size() == 1, "an attempt is under way");
        pair.awaitStandbyCaughtUp();
        pair.stopStandby();
        mute.close();
        await(() -> state(host, unanswered) != MessageState.SENDING, "the attempt has ended");
        host.process().box().ports().set("Held", PortState.STARTED, new Actor("test", ""));
        await(() -> state(host, held) == MessageState.DONE, "the held message is sent");
        for (int i = 0; i < 5; i++) {
            MessageId sent = host.submit("Sent", BODY);
            await(() -> state(host, sent) == MessageState.DONE, "a new message is sent");
        }
    }

    private void failOverWithoutThem() throws Exception {
        pair.killPrimary();
        pair.startStandby();
        assertThat(pair.onStandby("SELECT string_agg(port || ' ' || state, ', ' ORDER BY port) FROM message"
                        + " WHERE ended_at IS NULL"))
                .isEqualTo("Held WAITING, Later RETRYING, Mute SENDING");
        pair.promoteStandby();
    }

    private static boolean saysLost(RunningHost host) {
        return host.process().health().ready().values().stream().anyMatch(each -> each.contains("lost"));
    }

    private void requireThatEveryOpenMessageIsInDoubt(RunningHost host) throws Exception {
        for (MessageId id : open) {
            await(() -> state(host, id) == MessageState.IN_DOUBT, "message " + id + " is in doubt");
            assertThat(host.records(id))
                    .extracting(each -> each.header("kind"))
                    .as("records of message " + id)
                    .endsWith("IN_DOUBT");
        }
    }

    /** A message that another process submits to a started port, without knowing of the loss, stays where it is. */
    private MessageId requireThatNothingIsClaimed() throws Exception {
        Configuration outside = RunningHost.read(Files.createDirectories(folder.resolve("outside")), configuration())
                .configuration()
                .orElseThrow();
        try (MessageBox box = MessageBox.open(outside.messageBox(), Access.WRITE, Clock.systemUTC())) {
            int sent = relay.mails().size();
            MessageId id = new SubmissionService(Routing.of(outside), box, port -> {})
                    .submit(new Submission(
                            "Sent", Context.empty(), List.of(Part.body("text/plain", BODY)), Optional.empty(), "test"))
                    .id();
            Patience.whileItHolds(
                    "nothing is claimed and sent",
                    LONG_ENOUGH_TO_CLAIM,
                    () -> box.queries().byPrefix(id.value()).get(0).state() == MessageState.WAITING
                            && relay.mails().size() == sent);
            return id;
        }
    }

    private void acceptTheLoss() throws Exception {
        Installed.Result accepted = Installed.sendport(
                own, "store", "accept-loss", "-c", "sendport.xml", "--reason", "the standby was behind", "--yes");
        assertThat(accepted.status()).as(accepted.out() + accepted.err()).isZero();
    }

    private void requireThatSendingGoesOn(RunningHost host, MessageId waiting) throws Exception {
        await(() -> !saysLost(host), "health says nothing of a loss any more");
        await(() -> state(host, waiting) == MessageState.DONE, "what was submitted meanwhile is sent");
        MessageId after = host.submit("Sent", BODY);
        await(() -> state(host, after) == MessageState.DONE, "a new message is sent");
        assertThat(open).allSatisfy(id -> assertThat(state(host, id)).isEqualTo(MessageState.IN_DOUBT));
        assertThat(relay.count("RCPT TO:<held@"))
                .as("the message that the relay had before the loss is not sent again")
                .isEqualTo(1);
        assertThat(records(host, "LOST")).singleElement().satisfies(each -> assertThat(each.detail("detail"))
                .containsAnyOf("is missing", "is not in the message box"));
        assertThat(records(host, "LOSS_ACCEPTED")).singleElement().satisfies(each -> {
            assertThat(each.detail("actor")).startsWith(System.getProperty("user.name"));
            assertThat(each.detail("reason")).isEqualTo("the standby was behind");
        });
    }

    private static List<AuditRecord> records(RunningHost host, String kind) {
        List<AuditRecord> records = new ArrayList<>();
        host.process().box().ledger().read(AuditFilter.all().with("kind", kind), records::add);
        return records;
    }

    @Test
    void aRunningHostSendsNothingUntilTheLossIsAccepted() throws Exception {
        try (RunningHost host = host()) {
            acknowledgeWhatTheStandbyDoesNotGet(host);
            failOverWithoutThem();
            await(() -> saysLost(host), "health says that commits were lost");
            requireThatEveryOpenMessageIsInDoubt(host);
            MessageId waiting;
            // It has lost nothing itself.
            try (RunningHost other =
                    RunningHost.start(Files.createDirectories(folder.resolve("other")), configuration())) {
                await(() -> saysLost(other), "another machine knows it too");
                waiting = requireThatNothingIsClaimed();
            }
            acceptTheLoss();
            requireThatSendingGoesOn(host, waiting);
        }
    }

    /** Either is enough: what the process wrote down last, or what it signed last. */
    @ParameterizedTest
    @ValueSource(strings = {"last-commit", "checkpoints"})
    void aStartingHostSendsNothingUntilTheLossIsAccepted(String evidence) throws Exception {
        try (RunningHost before = host()) {
            acknowledgeWhatTheStandbyDoesNotGet(before);
        }
        failOverWithoutThem();
        Path place = RunningHost.read(own, configuration())
                .configuration()
                .orElseThrow()
                .messageBox()
                .place();
        delete(place.resolveSibling(
                place.getFileName() + (evidence.equals("checkpoints") ? ".last-commit" : ".checkpoints")));
        assertThat(place.resolveSibling(place.getFileName() + "." + evidence)).exists();
        try (RunningHost host = host()) {
            await(() -> saysLost(host), "health says that commits were lost");
            requireThatEveryOpenMessageIsInDoubt(host);
            MessageId waiting = requireThatNothingIsClaimed();
            acceptTheLoss();
            requireThatSendingGoesOn(host, waiting);
        }
    }

    private static void delete(Path file) throws IOException {
        if (Files.exists(file)) {
            try (Stream<Path> all = Files.walk(file)) {
                for (Path each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(each);
                }
            }
        }
    }

    private static void await(Patience.Condition condition, String what) throws Exception {
        Patience.until(what, condition);
    }
}
