package io.sendport.host.run;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.message.MessageId;
import io.sendport.config.port.Schedule;
import io.sendport.config.port.SendPort;
import io.sendport.host.box.Attempts;
import io.sendport.host.box.DeliveryRow;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.body.BodyKeyException;
import io.sendport.host.box.body.DamagedException;
import io.sendport.host.box.control.Pause;
import io.sendport.host.decide.NextAction;
import io.sendport.host.decide.Terms;
import io.sendport.host.pipeline.PipelineException;
import io.sendport.host.pipeline.PipelineResult;
import io.sendport.host.pipeline.PipelineRun;
import io.sendport.host.pipeline.SpoolWorkspace;
import io.sendport.host.pipeline.Timing;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Processes a message at one port, in two steps: {@link #prepare} runs the pipeline and seals, {@link #send} attempts every open
 * delivery and stores the results. Called by several threads at once.
 */
public final class PortWork implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PortWork.class);

    private static final Duration REST_PAUSE = Duration.ofSeconds(15);
    private static final int MAX_OUT_OF_MEMORY = 3;

    private final ComponentFailures componentFailures = new ComponentFailures();
    private final SendPort port;
    private final MessageBox box;
    private final PipelineRun pipeline;
    private final Outlets outlets;
    private final SendGate gate;
    private final PortServices place;
    private final String instance;
    private final Clock clock;
    private final RetryingWriter written;
    private final FailureRouting failures;
    private final Map<MessageId, Integer> shortOfMemory = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /**
     * Creates the work of {@code port}.
     *
     * @param backup the adapter of the port's backup transport, if it has one
     */
    public PortWork(
            SendPort port,
            PipelineRun pipeline,
            SendAdapter adapter,
            Optional<SendAdapter> backup,
            PortServices place) {
        this.port = port;
        this.pipeline = pipeline;
        this.place = place;
        this.box = place.box();
        this.instance = place.instance();
        this.clock = place.clock();
        this.written = new RetryingWriter(box.store(), () -> closing);
        this.outlets = new Outlets(port, adapter, backup, place, written);
        this.gate = new SendGate(port.schedule(), place.throttles(), clock);
        this.failures = new FailureRouting(port, place, written);
    }

    /** The port's name. */
    public String port() {
        return port.name();
    }

    /** How many messages the adapter can deliver at once. */
    public int concurrency() {
        return port.schedule().ordered() ? 1 : outlets.concurrency();
    }

    /** Set while the port is started and still sends nothing: no outlet is open, or an operator must act. */
    public Optional<Rest> rest() {
        return outlets.rest();
    }

    /** Set while an ordered message waits for an operator, and all later messages wait for it. */
    public Optional<Pause> blocked() {
        Schedule schedule = port.schedule();
        return schedule.ordered()
                ? box.claims()
                        .blocking(port.name(), !schedule.stopOnFailure())
                        .map(row -> new Pause(
                                Pause.Kind.ORDER,
                                Optional.empty(),
                                "message " + row.id() + " is " + row.state().word()
                                        + ", and later messages wait to keep the order"))
                : Optional.empty();
    }

    /** Set while nothing may be claimed for the port. */
    public Optional<Pause> pause() {
        return rest().map(Pause::of).or(() -> gate.pause(outlets.defaultOutlet()));
    }

    /** Whether messages go out strictly one after the other, and what happens to one that fails. */
    public Schedule schedule() {
        return port.schedule();
    }

    /** Whether an answer of the server stopped the port, and nobody has started it since. */
    public boolean isStopped() {
        return outlets.isStopped();
    }

    /** Ends any rest of the port, because the host or an operator started it. */
    public void resume() {
        outlets.resume();
    }

    /** Runs the pipeline, or loads the sealed bytes of an earlier attempt. Empty when nothing is to be sent now. */
    public Optional<PreparedMessage> prepare(MessageRow row) {
        MDC.put("port", port.name());
        MDC.put("message", row.id().value());
        SpoolWorkspace workspace = new SpoolWorkspace(place.spool());
        try {
            // Before the first attempt there are no stored deliveries.
            List<DeliveryRow> stored =
                    row.mimeMessageId().isEmpty() ? List.of() : box.attempts().toRetry(row);
            if (!stored.isEmpty() && Redelivery.isKept(stored)) {
                return Optional.of(new PreparedMessage(
                        row, Redelivery.kept(row, stored), List.of(), Map.of(), List.of(), workspace));
            }
            Optional<PipelineResult> ran = run(row, workspace);
            if (ran.isEmpty()) {
                workspace.close();
                return Optional.empty();
            }
            shortOfMemory.remove(row.id());
            PipelineResult result = ran.get();
            place.observer().pipelineRan(port.name(), result.timings());
            if (result instanceof PipelineResult.Consumed consumed) {
                written.run(
                        () -> box.attempts().consumed(row, instance, consumed.by(), timingsJson(consumed.timings())));
                LOG.info("consumed by {}; nothing is sent", consumed.by());
                workspace.close();
                return Optional.empty();
            }
            PipelineResult.Sealed sealed = (PipelineResult.Sealed) result;
            if (stored.isEmpty()) {
                return Optional.of(new PreparedMessage(
                        row, sealed.deliveries(), sealed.deliveries(), sealed.facts(), sealed.timings(), workspace));
            }
            return rendered(row, stored, sealed, workspace);
        } catch (PipelineException e) {
            if (closing && FailureCauses.isInterruption(e)) {
                abandon(row);
            } else if (FailureCauses.isStoresFault(e)) {
                LOG.warn(
                        "the message box or the spool folder failed: {}. Nothing was sent in this attempt. Sendport will process the"
                                + " message again. If this repeats, check the disk or the database",
                        e.getMessage());
                abandon(row);
            } else {
                LOG.warn("suspended: {}", e.getMessage());
                String stack = ComponentFailures.stack(e);
                if (componentFailures.isNew(e, stack)) {
                    LOG.warn("{} failed at this location (logged once for each cause): {}", e.component(), stack);
                }
                suspend(row, String.valueOf(e.getMessage()), e.timings(), stack);
            }
        } catch (StoreException e) {
            LOG.warn(
                    "the message box failed: {}. Nothing was sent in this attempt. Sendport will process the message again",
                    e.getMessage());
            abandon(row);
        } catch (DamagedException | BodyKeyException e) {
            LOG.error("suspended: {}", e.getMessage());
            suspend(row, String.valueOf(e.getMessage()), List.of());
        } catch (InterruptedException e) {
            // The process ends. The instance that takes the message over runs the pipeline again.
            abandon(row);
        } catch (Attempts.ChangedException e) {
            LOG.info("{}", e.getMessage());
        } catch (OutOfMemoryError e) {
            outOfMemory(row, e);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "suspended by an internal error in Sendport; this attempt sent nothing. Report the error with the stack"
                            + " trace, then resume the message",
                    e);
            suspend(row, "internal error in Sendport: " + e, List.of());
        } finally {
            passed(row);
        }
        workspace.close();
        return Optional.empty();
    }

    /** Runs the pipeline. Empty when the message was given up meanwhile because a component did not return. */
    private Optional<PipelineResult> run(MessageRow row, SpoolWorkspace workspace)
            throws PipelineException, InterruptedException {
        try (Budget.Memory memory = place.budget().memory(row.size(), pipeline.memoryFactor());
                PipelineWatch.PipelinePass visit = place.watch().enter(row, instance)) {
            LOG.trace("in the pipeline with {}", memory);
            return run(row, workspace, visit);
        }
    }

    private Optional<PipelineResult> run(MessageRow row, SpoolWorkspace workspace, PipelineWatch.PipelinePass visit)
            throws PipelineException {
        try {
            PipelineResult result = place.process(
                    port.name(), row, () -> pipeline.run(box.inbox().next(row), workspace, visit));
            return visit.leave() ? Optional.of(result) : Optional.empty();
        } catch (PipelineException e) {
            if (visit.leave()) {
                throw e;
            }
            LOG.debug("ignored the result of a component that returned after its timeout", e);
            return Optional.empty();
        }
    }

    /** Records that a suspect passed its pipeline, or never reached it, and the process survived. */
    private void passed(MessageRow row) {
        if (place.watch().isSuspect(row)) {
            written.run(() -> box.suspects().cleared(row));
        }
    }

    /**
     * Suspends a message whose component exceeds its timeout.
     *
     * @param where the current component, for the reason
     */
    public void overdue(MessageRow row, String where) {
        LOG.error("suspended, and its thread was abandoned: {}", where);
        suspend(row, where + ", longer than its timeout; its thread was abandoned", List.of());
        passed(row);
    }

    /** The thread that runs out of memory is rarely the one that used it up, so the message is retried first. */
    private void outOfMemory(MessageRow row, OutOfMemoryError failure) {
        LOG.error("out of memory while the pipeline of message {} ran", row.id(), failure);
        if (shortOfMemory.merge(row.id(), 1, Integer::sum) < MAX_OUT_OF_MEMORY) {
            abandon(row);
        } else {
            shortOfMemory.remove(row.id());
            suspend(row, "its pipeline ran out of memory " + MAX_OUT_OF_MEMORY + " times: " + failure, List.of());
        }
    }

    /** Checks bytes that were rendered again: they must be equal to those of the first attempt. */
    private Optional<PreparedMessage> rendered(
            MessageRow row, List<DeliveryRow> stored, PipelineResult.Sealed sealed, SpoolWorkspace workspace) {
        Redelivery again = Redelivery.rendered(stored, sealed.deliveries());
        if (again.fault().isPresent()) {
            suspend(row, again.fault().get(), sealed.timings());
            workspace.close();
            return Optional.empty();
        }
        return Optional.of(
                new PreparedMessage(row, again.open(), List.of(), sealed.facts(), sealed.timings(), workspace));
    }

    /** Runs the pipeline and attempts every open delivery, at a port that is stopped. */
    public void tryOnce(MessageRow row) {
        prepare(row).ifPresent(prepared -> {
            try (prepared) {
                send(prepared);
            }
        });
    }

    /** Attempts every open delivery of the message once, as soon as a connection is available. */
    public void send(PreparedMessage prepared) {
        MDC.put("port", port.name());
        MDC.put("message", prepared.row().id().value());
        try {
            Outlet outlet = outlets.of(prepared.row());
            if (isReleased(prepared, outlet)) {
                return;
            }
            try (DeliveryWatch.DeliveryProgress talk = place.deliveries().begin(prepared.row(), instance)) {
                Connecting asked = outlet.connect(talk);
                if (asked instanceof Connecting.Connected connected) {
                    try (SendConnection connection = connected.connection()) {
                        send(prepared, outlet, connection);
                    }
                } else if (asked instanceof Connecting.Busy busy && !isReleased(prepared, outlet)) {
                    LOG.info("the message waits for a connection; no retry is used: {}", busy.why());
                    release(prepared, Duration.ZERO);
                }
            }
        } catch (Attempts.ChangedException e) {
            LOG.info("{}", e.getMessage());
        } catch (Attempts.LeaseLostException e) {
            LOG.warn("{}; this instance stops working on the message", e.getMessage());
        } catch (StoreException e) {
            LOG.warn(
                    "the message box failed before the mail was handed over: {}. This mail was not sent. Sendport will process the"
                            + " message again. If this repeats, check the database or the disk",
                    e.getMessage());
            abandon(prepared.row());
        } catch (InterruptedException e) {
            // The process ends. The instance that takes the message over asks for a connection again.
            abandon(prepared.row());
        } catch (IOException | RuntimeException | Error e) {
            LOG.error(
                    "Unexpected error. If an attempt was open, the mail may have been sent, and inDoubt of <retry> decides;"
                            + " otherwise the message will be claimed again. If this repeats, report it with the stack trace",
                    e);
            abandon(prepared.row());
        } finally {
            MDC.remove("attempt");
        }
    }

    /** Releases a message whose outlet began to rest; no retry is used. Returns whether it did so. */
    private boolean isReleased(PreparedMessage prepared, Outlet outlet) {
        if (outlet.rest().isEmpty()) {
            return false;
        }
        // With a backup outlet the message would be due at once, so the pause prevents a claim loop.
        release(prepared, outlets.hasBackup() ? REST_PAUSE : Duration.ZERO);
        return true;
    }

    private void release(PreparedMessage prepared, Duration pause) {
        written.run(() -> box.claims().release(List.of(prepared.row()), instance, pause));
    }

    private void send(PreparedMessage prepared, Outlet outlet, SendConnection connection) throws IOException {
        // A failure to connect is the result of an attempt, even if it caused the outlet to rest.
        if (connection.fault().isEmpty() && isReleased(prepared, outlet)) {
            return;
        }
        Instant now = clock.instant();
        Optional<Pause> later = gate.take(outlet, now);
        if (later.isPresent()) {
            release(
                    prepared,
                    Duration.between(now, later.get().until().orElse(now)).plusMillis(1));
            return;
        }
        Round round = new Round(
                port, place, written, outlet, !pipeline.isDeterministic(), asked -> outlets.rest(outlet, asked));
        try {
            round.run(prepared, connection).ifPresent(suspend -> failures.route(prepared.row(), suspend.why()));
        } catch (Attempts.ChangedException e) {
            gate.giveBack(outlet, now);
            throw e;
        }
    }

    private void suspend(MessageRow row, String why, List<Timing> timings) {
        suspend(row, why, timings, "");
    }

    private void suspend(MessageRow row, String why, List<Timing> timings, String stack) {
        NextAction.Suspend suspend =
                new NextAction.Suspend(why, Terms.of(port, row.onBackup()).resumable());
        if (written.run(() -> box.attempts().suspend(row, instance, suspend, timingsJson(timings), stack))) {
            place.observer().suspended(port.name());
            failures.route(row, why);
        }
    }

    /** Releases the message from this instance, whatever its state; it never stays in hand. */
    public void abandon(MessageRow row) {
        written.run(() -> box.claims().abandon(row, instance, Terms.of(port, row.onBackup())));
    }

    /** The form in ledger records. */
    static String timingsJson(List<Timing> timings) {
        return Attempts.componentsJson(timings.stream().map(Timing::asMap).toList());
    }

    @Override
    public void close() {
        closing = true;
        outlets.close();
        try {
            pipeline.close();
        } catch (IOException e) {
            LOG.warn("cannot close a component of port {}", port.name(), e);
        }
    }
}
