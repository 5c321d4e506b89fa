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
 * Processes messages of one port in two steps. {@link #prepare} runs the pipeline and seals the mails; {@link #send} attempts every open
 * delivery and stores the results. Safe for use by several threads.
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
    private final PortServices services;
    private final String instance;
    private final Clock clock;
    private final RetryingWriter writer;
    private final FailureRouting failures;
    private final Map<MessageId, Integer> outOfMemoryCounts = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /**
     * Creates the work of {@code port}.
     *
     * @param backup the adapter of the backup transport, if the port has one
     */
    public PortWork(
            SendPort port,
            PipelineRun pipeline,
            SendAdapter adapter,
            Optional<SendAdapter> backup,
            PortServices services) {
        this.port = port;
        this.pipeline = pipeline;
        this.services = services;
        this.box = services.box();
        this.instance = services.instance();
        this.clock = services.clock();
        this.writer = new RetryingWriter(box.store(), () -> closing);
        this.outlets = new Outlets(port, adapter, backup, services, writer);
        this.gate = new SendGate(port.schedule(), services.throttles(), clock);
        this.failures = new FailureRouting(port, services, writer);
    }

    /** The name of the port. */
    public String port() {
        return port.name();
    }

    /** How many messages the port can deliver at once; 1 if it keeps the order. */
    public int concurrency() {
        return port.schedule().ordered() ? 1 : outlets.concurrency();
    }

    /** The rest of the port; empty while an outlet may send, unless an operator must act. */
    public Optional<Rest> rest() {
        return outlets.rest();
    }

    /** The pause of an ordered port whose later messages wait because one message needs an operator; empty while none does. */
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

    /** The pause in which nothing may be claimed for the port; empty while messages may be claimed. */
    public Optional<Pause> pause() {
        return rest().map(Pause::of).or(() -> gate.pause(outlets.defaultOutlet()));
    }

    /** The schedule: order, rates and service windows. */
    public Schedule schedule() {
        return port.schedule();
    }

    /** Whether a reply rule has stopped the port, and {@link #resume} was not called since. */
    public boolean isStopped() {
        return outlets.isStopped();
    }

    /** Ends any rest of the port, because it was started or a user has corrected the cause. */
    public void resume() {
        outlets.resume();
    }

    /** Runs the pipeline, or loads the sealed mails of an earlier attempt. Empty if there is nothing to send now. */
    public Optional<PreparedMessage> prepare(MessageRow row) {
        MDC.put("port", port.name());
        MDC.put("message", row.id().value());
        SpoolWorkspace workspace = new SpoolWorkspace(services.spool());
        try {
            // Before the first attempt there are no stored deliveries.
            List<DeliveryRow> stored =
                    row.mimeMessageId().isEmpty() ? List.of() : box.attempts().toRetry(row);
            if (!stored.isEmpty() && Redelivery.isKept(stored)) {
                return Optional.of(new PreparedMessage(
                        row, Redelivery.withKeptBytes(row, stored), List.of(), Map.of(), List.of(), workspace));
            }
            Optional<PipelineResult> ran = run(row, workspace);
            if (ran.isEmpty()) {
                workspace.close();
                return Optional.empty();
            }
            outOfMemoryCounts.remove(row.id());
            PipelineResult result = ran.get();
            services.observer().pipelineRan(port.name(), result.timings());
            if (result instanceof PipelineResult.Consumed consumed) {
                writer.run(
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
            return checkRendered(row, stored, sealed, workspace);
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
                    LOG.warn("Stack trace of {}, for its author (once for each cause): {}", e.component(), stack);
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
            clearSuspect(row);
        }
        workspace.close();
        return Optional.empty();
    }

    /** Runs the pipeline. Empty if the message was given up, because a component did not return in time. */
    private Optional<PipelineResult> run(MessageRow row, SpoolWorkspace workspace)
            throws PipelineException, InterruptedException {
        try (Budget.Memory memory = services.budget().acquireMemory(row.size(), pipeline.memoryFactor());
                PipelineWatch.PipelinePass pass = services.watch().enter(row, instance)) {
            LOG.trace("in the pipeline with {}", memory);
            return run(row, workspace, pass);
        }
    }

    private Optional<PipelineResult> run(MessageRow row, SpoolWorkspace workspace, PipelineWatch.PipelinePass pass)
            throws PipelineException {
        try {
            PipelineResult result = services.process(
                    port.name(), row, () -> pipeline.run(box.inbox().next(row), workspace, pass));
            return pass.leave() ? Optional.of(result) : Optional.empty();
        } catch (PipelineException e) {
            if (pass.leave()) {
                throw e;
            }
            LOG.debug("ignored the result of a component that returned after its timeout", e);
            return Optional.empty();
        }
    }

    /** Clears a suspect, because it has left its pipeline, or never reached it, and the process has not crashed. */
    private void clearSuspect(MessageRow row) {
        if (services.watch().isSuspect(row)) {
            writer.run(() -> box.suspects().cleared(row));
        }
    }

    /** Suspends a message whose component exceeds its timeout. {@code where} names the component, for the reason. */
    public void suspendOverdue(MessageRow row, String where) {
        LOG.error("suspended, and its thread was abandoned: {}", where);
        suspend(row, where + ", longer than its timeout; its thread was abandoned", List.of());
        clearSuspect(row);
    }

    /** Retries a message whose thread ran out of memory, because another thread may have used it up. Suspends it the third time. */
    private void outOfMemory(MessageRow row, OutOfMemoryError failure) {
        LOG.error("out of memory while the pipeline of message {} ran", row.id(), failure);
        if (outOfMemoryCounts.merge(row.id(), 1, Integer::sum) < MAX_OUT_OF_MEMORY) {
            abandon(row);
        } else {
            outOfMemoryCounts.remove(row.id());
            suspend(row, "its pipeline ran out of memory " + MAX_OUT_OF_MEMORY + " times: " + failure, List.of());
        }
    }

    /** Checks that the mails rendered again are equal to those of the first attempt. Suspends the message if they are not. */
    private Optional<PreparedMessage> checkRendered(
            MessageRow row, List<DeliveryRow> stored, PipelineResult.Sealed sealed, SpoolWorkspace workspace) {
        Redelivery again = Redelivery.withRenderedBytes(stored, sealed.deliveries());
        if (again.fault().isPresent()) {
            suspend(row, again.fault().get(), sealed.timings());
            workspace.close();
            return Optional.empty();
        }
        return Optional.of(
                new PreparedMessage(row, again.open(), List.of(), sealed.facts(), sealed.timings(), workspace));
    }

    /** Runs the pipeline and attempts every open delivery, although the port is stopped. */
    public void tryOnce(MessageRow row) {
        prepare(row).ifPresent(prepared -> {
            try (prepared) {
                send(prepared);
            }
        });
    }

    /** Attempts every open delivery of the message once, as soon as a connection is available. Releases the message if that fails. */
    public void send(PreparedMessage prepared) {
        MDC.put("port", port.name());
        MDC.put("message", prepared.row().id().value());
        try {
            Outlet outlet = outlets.of(prepared.row());
            if (isReleased(prepared, outlet)) {
                return;
            }
            try (DeliveryWatch.DeliveryProgress delivery = services.deliveries().begin(prepared.row(), instance)) {
                Connecting connecting = outlet.connect(delivery);
                if (connecting instanceof Connecting.Connected connected) {
                    try (SendConnection connection = connected.connection()) {
                        send(prepared, outlet, connection);
                    }
                } else if (connecting instanceof Connecting.Busy busy && !isReleased(prepared, outlet)) {
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

    /** Releases a message if its outlet rests. This uses no retry. Returns whether it did so. */
    private boolean isReleased(PreparedMessage prepared, Outlet outlet) {
        if (outlet.rest().isEmpty()) {
            return false;
        }
        // A port with a backup outlet may still claim, so the pause prevents a loop of claims.
        release(prepared, outlets.hasBackup() ? REST_PAUSE : Duration.ZERO);
        return true;
    }

    private void release(PreparedMessage prepared, Duration pause) {
        writer.run(() -> box.claims().release(List.of(prepared.row()), instance, pause));
    }

    private void send(PreparedMessage prepared, Outlet outlet, SendConnection connection) throws IOException {
        // Record a failure to connect as an attempt, even if it made the outlet rest.
        if (connection.fault().isEmpty() && isReleased(prepared, outlet)) {
            return;
        }
        Instant now = clock.instant();
        Optional<Pause> later = gate.reserve(outlet, now);
        if (later.isPresent()) {
            release(
                    prepared,
                    Duration.between(now, later.get().until().orElse(now)).plusMillis(1));
            return;
        }
        Round round = new Round(
                port, services, writer, outlet, !pipeline.isDeterministic(), asked -> outlets.rest(outlet, asked));
        try {
            round.run(prepared, connection).ifPresent(suspend -> failures.route(prepared.row(), suspend.why()));
        } catch (Attempts.ChangedException e) {
            gate.release(outlet, now);
            throw e;
        }
    }

    private void suspend(MessageRow row, String why, List<Timing> timings) {
        suspend(row, why, timings, "");
    }

    private void suspend(MessageRow row, String why, List<Timing> timings, String stack) {
        NextAction.Suspend suspend =
                new NextAction.Suspend(why, Terms.of(port, row.onBackup()).resumable());
        if (writer.run(() -> box.attempts().suspend(row, instance, suspend, timingsJson(timings), stack))) {
            services.observer().suspended(port.name());
            failures.route(row, why);
        }
    }

    /** Ends the claim of this instance on the message, in any state. An open attempt becomes in doubt. */
    public void abandon(MessageRow row) {
        writer.run(() -> box.claims().abandon(row, instance, Terms.of(port, row.onBackup())));
    }

    /** The timings as JSON, as in ledger records. */
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
