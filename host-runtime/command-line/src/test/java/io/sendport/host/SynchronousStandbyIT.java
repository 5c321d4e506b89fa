package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Submission;
import io.sendport.host.box.MessageState;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** While the synchronous standby is away, commits wait for it: a submit says so in time, and is never acknowledged without it. */
@Timeout(600)
@InTurn
class SynchronousStandbyIT {

    /** The lease is 5 s; the rest is for slow machines. */
    private static final Duration LEASE_AND_MARGIN = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final ExecutorService submitters = Executors.newCachedThreadPool();
    private ScriptedServer relay;
    private PostgresPair pair;
    private RunningHost host;
    private boolean standbyIsAway;

    @BeforeEach
    void start() throws Exception {
        relay = new ScriptedServer();
        pair = new PostgresPair(folder.resolve("pair"));
        host = RunningHost.start(
                Files.createDirectories(folder.resolve("host")), """
                <messageBox url='%s' user='postgres' lease='PT5S'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
                <sendPort name='P' host='H'>
                  <mail from='a@corp.example' to='b@customer.example' subject='s'/>
                  <!-- On a slow machine a lease of 5 s lapses before an attempt begins, and the message is tried later. -->
                  <retry count='20' interval='PT1S'/>
                </sendPort>
                """.formatted(pair.url(), relay.port()));
        awaitDone(submit("before"));
    }

    @AfterEach
    void stop() throws Exception {
        if (standbyIsAway) {
            startStandby();
        }
        host.close();
        pair.close();
        relay.close();
        submitters.shutdownNow();
    }

    private void stopStandby() throws Exception {
        standbyIsAway = true;
        pair.stopStandby();
    }

    private void startStandby() throws Exception {
        pair.startStandby();
        standbyIsAway = false;
    }

    /** The key makes what is submitted again after a doubt the same message. */
    private MessageId submit(String key) {
        Part part = Part.body("text/plain", Body.of("number " + key + ".", StandardCharsets.US_ASCII));
        return host.process()
                .submissionService()
                .submit(new Submission("P", Context.empty(), List.of(part), Optional.of(key), "test"))
                .id();
    }

    private CompletableFuture<MessageId> submitting(String key) {
        return CompletableFuture.supplyAsync(() -> submit(key), submitters);
    }

    private void awaitDone(MessageId id) throws Exception {
        assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
    }

    private String storeHealth() {
        return host.process().health().ready().getOrDefault("store", "");
    }

    private static void assertThatNothingWasAcknowledged(CompletableFuture<MessageId> submitting) {
        assertThat(submitting)
                .failsWithin(LEASE_AND_MARGIN)
                .withThrowableThat()
                .withCauseInstanceOf(NotNowException.class);
    }

    @Test
    void failsSubmitsInTimeWhileTheStandbyIsDownAndRecovers() throws Exception {
        stopStandby();
        List<String> keys = List.of("1", "2", "3");
        List<CompletableFuture<MessageId>> submits =
                keys.stream().map(this::submitting).toList();
        submits.forEach(SynchronousStandbyIT::assertThatNothingWasAcknowledged);
        await(() -> storeHealth().contains("synchronous standby"), "health names the synchronous standby");
        startStandby();
        await(() -> storeHealth().isEmpty(), "health is well again");
        awaitDone(submit("after"));
        for (String key : keys) {
            awaitDone(submit(key));
        }
        for (String key : keys) {
            assertThat(relay.mails().stream().filter(mail -> mail.contains(encoded(key))))
                    .as("copies of message " + key)
                    .hasSize(1);
        }
    }

    @Test
    void doesNotAcknowledgeASubmitWhoseStandbyWaitIsCancelled() throws Exception {
        stopStandby();
        CompletableFuture<MessageId> submitting = submitting("cancelled");
        await(() -> cancelledWaits() > 0 || submitting.isDone(), "a commit waits for the standby and is cancelled");
        assertThatNothingWasAcknowledged(submitting);
        startStandby();
        await(() -> storeHealth().isEmpty(), "health is well again");
        awaitDone(submit("cancelled"));
        assertThat(relay.mails().stream().filter(mail -> mail.contains(encoded("cancelled"))))
                .hasSize(1);
    }

    /** The server answers: the transaction has already committed locally, but might not have been replicated to the standby. */
    private int cancelledWaits() throws Exception {
        return Integer.parseInt(
                pair.onPrimary(
                        "SELECT count(*) FILTER (WHERE pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"));
    }

    private static String encoded(String key) {
        return java.util.Base64.getEncoder()
                .encodeToString(("number " + key + ".").getBytes(StandardCharsets.US_ASCII));
    }

    private static void await(Patience.Condition condition, String what) throws Exception {
        Patience.until(what, condition);
    }
}
