package io.sendport.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Rest;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.port.Pipeline;
import io.sendport.config.port.PortLimits;
import io.sendport.config.port.PortRetention;
import io.sendport.config.port.PortState;
import io.sendport.config.port.RetryRule;
import io.sendport.config.port.Schedule;
import io.sendport.config.port.SendPort;
import io.sendport.config.port.Written;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.Services;
import io.sendport.host.pipeline.SpoolPlace;
import io.sendport.host.run.rate.Throttles;
import io.sendport.host.trace.Tracing;
import io.sendport.testing.FakeAdapter;
import io.sendport.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A port's work on a real message box, with an adapter that answers as it is told. */
class PortWorkTest {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final Deque<Function<Delivery, DeliveryResult>> answers = new ArrayDeque<>();
    private int sent;
    private boolean busy;
    private Runnable whenConnected = () -> {};
    private Runnable whenInPipeline = () -> {};
    private Runnable whenClosed = () -> {};
    private MessageBox box;
    private Catalog catalog;
    private PortWork work;

    @BeforeEach
    void open() throws Exception {
        box = TestBox.open(folder, clock);
        catalog = new Catalog(Extensions.of(Files.createDirectories(folder.resolve("plugins"))));
        Origin origin = new Origin(folder.resolve("sendport.xml"), 1, 1);
        Map<String, Setting> mail = new LinkedHashMap<>();
        mail.put("from", Setting.plain("a@corp.example", origin));
        mail.put("to", Setting.plain("b@customer.example", origin));
        SendPort port = new SendPort(
                "P",
                origin,
                "H",
                "",
                PortState.STARTED,
                new Pipeline("Test", List.of(), Optional.empty(), List.of()),
                Map.of(),
                new Settings("mail", origin, mail, List.of(), ""),
                Optional.empty(),
                Settings.empty("smtp", origin),
                List.of(),
                List.of(),
                new RetryRule(0, Duration.ofMinutes(5), 1, Optional.empty(), Optional.empty(), false),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Schedule.ANY_TIME,
                PortLimits.DEFAULT,
                PortRetention.NONE,
                Map.of(),
                new Written(Settings.empty("sendPort", new Origin(Path.of("s.xml"), 1, 1))));
        box.ports().initialize("P", PortState.STARTED);
        work = new PortWork(
                port,
                new PipelineRun(port, catalog, Services.bare("H", clock, Optional.empty()), Optional.empty(), 100),
                new FakeAdapter() {
                    @Override
                    public DeliveryResult send(Delivery delivery, Lease lease) {
                        sent++;
                        return answers.remove().apply(delivery);
                    }

                    @Override
                    public Connecting connect() {
                        if (busy) {
                            return new Connecting.Busy("all in use");
                        }
                        whenConnected.run();
                        return super.connect();
                    }

                    @Override
                    protected void closed() {
                        whenClosed.run();
                    }
                },
                Optional.empty(),
                new PortServices(
                        box,
                        Throttles.ofThisProcess(clock),
                        FailedMessages.NONE,
                        "H@test",
                        () -> true,
                        SpoolPlace.of(Files.createDirectories(folder.resolve("spool")), false),
                        clock,
                        PortObserver.NONE,
                        new PipelineWatch(this::nanos, Optional.empty()),
                        new DeliveryWatch(System::nanoTime),
                        Tracing.OFF,
                        Budget.ofThisProcess()));
    }

    @AfterEach
    void close() throws Exception {
        work.close();
        catalog.close();
        box.close();
    }

    private DeliveryResult accepted(Delivery delivery) {
        return DeliveryResult.accepted(delivery, "250 2.0.0 ok");
    }

    private DeliveryResult resting(Delivery delivery, Instant until) {
        return DeliveryResult.deferred(delivery, "550 5.7.57 not yet")
                .with(new Advice(
                        Optional.empty(), Optional.of(new Rest(Rest.Cause.RELAY, until, "rule")), false, "rule"));
    }

    private long nanos() {
        whenInPipeline.run();
        return System.nanoTime();
    }

    private void round() {
        for (MessageRow row : box.claims().claim("P", "H@test", 10)) {
            work.prepare(row).ifPresent(prepared -> {
                work.send(prepared);
                prepared.close();
            });
        }
    }

    private MessageRow only(String id) {
        return box.queries().byPrefix(id).get(0);
    }

    @Test
    void suspendsAMessageOnlyWhenMemoryRanOutThreeTimes() {
        String id = TestBox.submit(box, clock, "P").id().value();
        whenInPipeline = () -> {
            throw new OutOfMemoryError("test");
        };
        for (int time = 1; time < 3; time++) {
            round();
            assertThat(only(id).state()).as("time " + time).isNotEqualTo(MessageState.SUSPENDED);
            assertThat(only(id).attempts()).as("no retry is spent").isZero();
            clock.advance(Duration.ofHours(1));
        }
        round();
        assertThat(only(id).state()).isEqualTo(MessageState.SUSPENDED);
        assertThat(only(id).lastError()).contains("ran out of memory 3 times");
        assertThat(sent).isZero();
        String other = TestBox.submit(box, clock, "P").id().value();
        round();
        whenInPipeline = () -> {};
        clock.advance(Duration.ofHours(1));
        answers.add(this::accepted);
        round();
        assertThat(only(other).state()).as("whose memory another took").isEqualTo(MessageState.DONE);
    }

    /** Another message may have taken the memory each time. */
    @Test
    void restartsTheOutOfMemoryCountAfterAMessagePassedItsPipeline() {
        String id = TestBox.submit(box, clock, "P").id().value();
        for (int time = 0; time < 2; time++) {
            whenInPipeline = () -> {
                throw new OutOfMemoryError("test");
            };
            for (int tries = 0; tries < 2; tries++) {
                round();
                clock.advance(Duration.ofHours(1));
            }
            whenInPipeline = () -> {};
            answers.add(
                    time == 0 ? delivery -> resting(delivery, clock.instant().plusSeconds(60)) : this::accepted);
            round();
            clock.advance(Duration.ofHours(1));
        }
        assertThat(only(id).state()).as(only(id).lastError()).isEqualTo(MessageState.DONE);
    }

    @Test
    void sendsTheMessageAfterTheRestWithoutSpendingARetry() {
        String id = TestBox.submit(box, clock, "P").id().value();
        answers.add(delivery -> resting(delivery, clock.instant().plusSeconds(60)));
        round();
        assertThat(only(id).state()).isEqualTo(MessageState.RETRYING);
        assertThat(only(id).attempts()).isZero();
        assertThat(work.rest()).isPresent();
        clock.advance(Duration.ofSeconds(61));
        assertThat(work.rest()).isEmpty();
        answers.add(this::accepted);
        round();
        assertThat(only(id).state()).isEqualTo(MessageState.DONE);
        assertThat(sent).isEqualTo(2);
    }

    @Test
    void doesNotSendClaimedMessagesOnceThePortIsStopped() {
        String first = TestBox.submit(box, clock, "P").id().value();
        String second = TestBox.submit(box, clock, "P").id().value();
        answers.add(delivery -> resting(delivery, Instant.MAX));
        round();
        assertThat(sent).isEqualTo(1);
        assertThat(box.ports().of("P")).contains(PortState.STOPPED);
        assertThat(only(second).state()).isEqualTo(MessageState.WAITING);
        box.ports().set("P", PortState.STARTED, new Actor("me", "mended"));
        work.resume();
        answers.add(this::accepted);
        answers.add(this::accepted);
        round();
        assertThat(only(first).state()).isEqualTo(MessageState.DONE);
        assertThat(only(second).state()).isEqualTo(MessageState.DONE);
    }

    private List<String> kinds(String id) {
        List<String> kinds = new ArrayList<>();
        box.ledger().read(AuditFilter.ofMessage(id), each -> kinds.add(each.header("kind")));
        return kinds;
    }

    @Test
    void spendsNoRetryWhileWaitingForAConnection() {
        String id = TestBox.submit(box, clock, "P").id().value();
        Instant due = only(id).dueAt();
        busy = true;
        for (int i = 0; i < 10; i++) {
            round();
            clock.advance(Duration.ofMinutes(1));
            assertThat(only(id).state()).isEqualTo(MessageState.WAITING);
            assertThat(only(id).attempts()).isZero();
            assertThat(only(id).dueAt()).isEqualTo(due);
        }
        assertThat(kinds(id)).as("no attempt was begun").containsExactly("SUBMITTED");
        busy = false;
        answers.add(this::accepted);
        round();
        assertThat(only(id).state()).isEqualTo(MessageState.DONE);
        assertThat(kinds(id)).containsExactly("SUBMITTED", "ATTEMPT_STARTED", "ACCEPTED");
    }

    @Test
    void keepsTheQueuePositionWhileWaitingForAConnection() {
        String first = TestBox.submit(box, clock, "P").id().value();
        clock.advance(Duration.ofSeconds(1));
        TestBox.submit(box, clock, "P");
        busy = true;
        for (int i = 0; i < 3; i++) {
            List<MessageRow> claimed = box.claims().claim("P", "H@test", 1);
            assertThat(claimed).extracting(row -> row.id().value()).containsExactly(first);
            claimed.forEach(work::tryOnce);
        }
    }

    @Test
    void recordsTheAttemptBetweenTakingTheConnectionAndSending() {
        String id = TestBox.submit(box, clock, "P").id().value();
        List<String> seen = new ArrayList<>();
        whenConnected = () -> seen.add("connected " + kinds(id));
        whenClosed = () -> seen.add("closed " + kinds(id));
        answers.add(delivery -> {
            seen.add("sent " + kinds(id));
            return accepted(delivery);
        });
        round();
        assertThat(seen)
                .containsExactly(
                        "connected [SUBMITTED]",
                        "sent [SUBMITTED, ATTEMPT_STARTED]",
                        "closed [SUBMITTED, ATTEMPT_STARTED]",
                        "closed [SUBMITTED, ATTEMPT_STARTED, ACCEPTED]");
        assertThat(only(id).state()).isEqualTo(MessageState.DONE);
    }

    @Test
    void givesTheConnectionBackWhenAnotherInstanceHasTheMessage() {
        String id = TestBox.submit(box, clock, "P").id().value();
        List<String> seen = new ArrayList<>();
        whenConnected = () -> {
            TestBox.bury(box, "H@test");
            box.claims().takeOver(row -> Terms.DEFAULT);
        };
        whenClosed = () -> seen.add("closed");
        round();
        assertThat(seen).containsExactly("closed");
        assertThat(sent).isZero();
        assertThat(only(id).state()).isEqualTo(MessageState.WAITING);
    }

    /** As on a machine that was frozen after the final dot, for longer than the lease. */
    @Test
    void usesAReplyThatArrivesAfterAnotherInstanceTookOver() {
        String id = TestBox.submit(box, clock, "P").id().value();
        answers.add(delivery -> {
            TestBox.bury(box, "H@test");
            box.claims().takeOver(row -> new Terms(RetryRule.DEFAULT, false, true));
            return accepted(delivery);
        });
        round();
        assertThat(kinds(id)).containsExactly("SUBMITTED", "ATTEMPT_STARTED", "IN_DOUBT", "ACCEPTED");
        assertThat(only(id).state()).isEqualTo(MessageState.DONE);
    }

    @Test
    void keepsTheResultWhenTheConnectionCannotBeReleased() {
        String id = TestBox.submit(box, clock, "P").id().value();
        AtomicInteger closed = new AtomicInteger();
        whenClosed = () -> {
            if (closed.getAndIncrement() == 0) {
                throw new IllegalStateException("can't be given back");
            }
        };
        answers.add(this::accepted);
        round();
        assertThat(only(id).state()).isEqualTo(MessageState.DONE);
    }
}
