package io.sendport.host.run;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendConnection;
import io.sendport.config.port.SendPort;
import io.sendport.host.box.Attempts;
import io.sendport.host.box.MessageRow;
import io.sendport.host.decide.Decision;
import io.sendport.host.decide.NextAction;
import io.sendport.host.decide.Terms;
import io.sendport.host.handover.AdapterCall;
import io.sendport.host.store.commit.FailPoint;
import io.sendport.host.trace.MessageSpan;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One attempt for each open delivery of a message, over one connection. An attempt is on disk before anything is handed over. Its result is
 * on disk before the message can be claimed again. For one thread.
 */
final class Round {

    private static final Logger LOG = LoggerFactory.getLogger(Round.class);

    private final SendPort port;
    private final PortServices services;
    private final RetryingWriter writer;
    private final Outlet outlet;
    private final boolean keepsSealed;
    private final Consumer<Rest> onRest;
    private Advice advice = Advice.NONE;
    private boolean retryUsed;

    /**
     * Creates a round at {@code port}.
     *
     * @param keepsSealed whether to store the sealed mails, because the pipeline cannot render the same bytes again
     * @param onRest called when a reply asks for a rest, before the message can be claimed again
     */
    Round(
            SendPort port,
            PortServices services,
            RetryingWriter writer,
            Outlet outlet,
            boolean keepsSealed,
            Consumer<Rest> onRest) {
        this.port = port;
        this.services = services;
        this.writer = writer;
        this.outlet = outlet;
        this.keepsSealed = keepsSealed;
        this.onRest = onRest;
    }

    /**
     * Attempts the deliveries in order. Stops after a reply that asks for a rest.
     *
     * @param connection is closed before the last result is written
     * @return the next action if the message is suspended; otherwise empty
     * @throws IOException when a sealed mail cannot be read
     */
    Optional<NextAction.Suspend> run(PreparedMessage prepared, SendConnection connection) throws IOException {
        int count = prepared.open().size();
        for (int i = 0; i < count; i++) {
            Delivery delivery = prepared.open().get(i);
            int no = start(prepared, delivery, i == 0);
            String attempt = delivery.number() + "." + no;
            try (MessageSpan span = services.beginAttempt(port.name(), prepared.row(), attempt)) {
                DeliveryResult result = handOver(connection, delivery);
                span.end(result);
                // During a rest the remaining deliveries wait, too.
                boolean ends = i == count - 1 || result.advice().rest().isPresent();
                Optional<NextAction> next = after(prepared, connection, delivery, no, result, ends);
                if (ends) {
                    return next.filter(NextAction.Suspend.class::isInstance).map(NextAction.Suspend.class::cast);
                }
                advice = longerWait(advice, result.advice());
                retryUsed |= !result.has(Outcome.ACCEPTED);
            }
        }
        return Optional.empty();
    }

    private Optional<NextAction> after(
            PreparedMessage prepared,
            SendConnection connection,
            Delivery delivery,
            int no,
            DeliveryResult result,
            boolean ends) {
        if (ends) {
            release(connection);
        }
        FailPoint.reach("after-reply");
        // Start the rest before the result is stored, because the message can be claimed from then on.
        result.advice().rest().ifPresent(onRest);
        return settle(prepared.row(), delivery, no, result, ends);
    }

    private int start(PreparedMessage prepared, Delivery delivery, boolean first) throws IOException {
        FailPoint.reach("before-attempt-start");
        int no = services.box()
                .attempts()
                .start(new Attempts.Start(
                        prepared.row(),
                        delivery,
                        first ? prepared.newDeliveries() : List.of(),
                        keepsSealed,
                        services.instance(),
                        facts(prepared, delivery),
                        PortWork.timingsJson(prepared.timings()),
                        first));
        MDC.put("attempt", delivery.number() + "." + no);
        FailPoint.reach("after-attempt-start");
        return no;
    }

    /** The facts of a delivery for the ledger. They name the outlet only if it is the backup. */
    private Map<String, String> facts(PreparedMessage prepared, Delivery delivery) {
        Map<String, String> facts = new TreeMap<>(prepared.facts().getOrDefault(delivery.number(), Map.of()));
        if (outlet.name().equals("backup")) {
            facts.put("transport", outlet.name());
        }
        return facts;
    }

    private DeliveryResult handOver(SendConnection connection, Delivery delivery) {
        try {
            return AdapterCall.send(connection, delivery, services.lease());
        } finally {
            // Clear an interrupt that the adapter has left, so that the result can be stored.
            if (Thread.interrupted()) {
                LOG.debug("the adapter left its thread interrupted");
            }
        }
    }

    /**
     * Closes the connection, so that another message can use it while this result is written. A failure to close does not change the reply
     * of the server.
     */
    private static void release(SendConnection connection) {
        try {
            connection.close();
        } catch (RuntimeException e) {
            LOG.error(
                    "The adapter failed to close a connection after an attempt; the server's answer is kept. If this repeats, report it to"
                            + " the author of the adapter",
                    e);
        }
    }

    private Optional<NextAction> settle(
            MessageRow row, Delivery delivery, int no, DeliveryResult result, boolean ends) {
        Advice decisive = decisiveAdvice(result.advice());
        Optional<Function<List<RecipientResult>, NextAction>> decide = ends
                ? Optional.of(all -> Decision.after(
                        all,
                        Terms.of(port, row.onBackup()),
                        row.tries() + 1,
                        row.submittedAt(),
                        services.clock().instant(),
                        decisive))
                : Optional.empty();
        Optional<NextAction> next =
                writer.get(() -> settle(row, delivery, no, result, decide)).flatMap(Function.identity());
        FailPoint.reach("after-settle");
        services.observer().attempted(port.name(), result, next);
        next.filter(NextAction.Done.class::isInstance).ifPresent(done -> services.observer()
                .done(
                        port.name(),
                        Duration.between(row.submittedAt(), services.clock().instant())));
        log(result, next, ends);
        return next;
    }

    private Optional<NextAction> settle(
            MessageRow row,
            Delivery delivery,
            int no,
            DeliveryResult result,
            Optional<Function<List<RecipientResult>, NextAction>> decide) {
        try {
            return services.box().attempts().settle(row, delivery, no, services.instance(), result, decide);
        } catch (Attempts.LeaseLostException e) {
            LOG.warn("{}; the result of the attempt is still recorded", e.getMessage());
            return services.box()
                    .lateAnswers()
                    .settle(row, delivery, no, services.instance(), result, (now, all) -> late(now, all, result));
        }
    }

    private NextAction late(MessageRow now, List<RecipientResult> all, DeliveryResult result) {
        return Decision.after(
                all,
                Terms.of(port, now.onBackup()),
                now.tries(),
                now.submittedAt(),
                services.clock().instant(),
                result.advice());
    }

    /**
     * The advice for the message after the last delivery of the round. A rest usually means that no retry is used. If an earlier delivery
     * of the round has used one, the rest becomes a wait before the next attempt.
     */
    private Advice decisiveAdvice(Advice now) {
        if (now.rest().isEmpty() || !retryUsed) {
            return now.rest().isPresent() ? now : longerWait(advice, now);
        }
        Rest asked = now.rest().get();
        Duration wait = asked.isForPerson()
                ? Duration.ZERO
                : Duration.between(services.clock().instant(), asked.until());
        return new Advice(
                Optional.of(wait.isNegative() ? Duration.ZERO : wait), Optional.empty(), now.backup(), now.rule());
    }

    /** Returns the advice with the longer wait. */
    private static Advice longerWait(Advice before, Advice now) {
        Duration first = before.retryAfter().orElse(Duration.ZERO);
        return before.equals(Advice.NONE)
                        || now.retryAfter().orElse(Duration.ZERO).compareTo(first) > 0
                ? now
                : before;
    }

    private static void log(DeliveryResult result, Optional<NextAction> next, boolean ends) {
        for (RecipientResult each : result.recipients()) {
            if (each.outcome() != Outcome.ACCEPTED) {
                LOG.warn("{}: {}", Text.word(each.outcome()), each.described());
                break;
            }
        }
        String nextText = next.map(NextAction::described)
                .orElse(ends ? "this instance stops working on the message" : "more deliveries follow");
        LOG.info(
                "attempt at {} took {} ms: {} of {} recipients accepted; {}",
                result.peer(),
                result.elapsed().toMillis(),
                result.with(Outcome.ACCEPTED).size(),
                result.recipients().size(),
                nextText);
    }
}
