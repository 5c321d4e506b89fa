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
 * One attempt at each open delivery of one message, over one connection. The attempt is on disk before anything is handed over, and
 * its result is on disk before the message is released. For one thread.
 */
final class Round {

    private static final Logger LOG = LoggerFactory.getLogger(Round.class);

    private final SendPort port;
    private final PortServices place;
    private final RetryingWriter written;
    private final Outlet outlet;
    private final boolean keepsSealed;
    private final Consumer<Rest> isPaused;
    private Advice advice = Advice.NONE;
    private boolean spent;

    /**
     * Creates a round at {@code port}.
     *
     * @param keepsSealed whether a retry cannot render the bytes again
     * @param isPaused called when an answer makes the outlet rest, before the message may be claimed again
     */
    Round(
            SendPort port,
            PortServices place,
            RetryingWriter written,
            Outlet outlet,
            boolean keepsSealed,
            Consumer<Rest> isPaused) {
        this.port = port;
        this.place = place;
        this.written = written;
        this.outlet = outlet;
        this.keepsSealed = keepsSealed;
        this.isPaused = isPaused;
    }

    /**
     * Attempts all deliveries, or those up to an answer that makes the outlet rest.
     *
     * @param connection is given back before the last result is written
     * @return set when the message is suspended
     * @throws IOException when sealed bytes cannot be read
     */
    Optional<NextAction.Suspend> run(PreparedMessage prepared, SendConnection connection) throws IOException {
        int count = prepared.open().size();
        for (int i = 0; i < count; i++) {
            Delivery delivery = prepared.open().get(i);
            int no = start(prepared, delivery, i == 0);
            String attempt = delivery.number() + "." + no;
            try (MessageSpan activity = place.attempt(port.name(), prepared.row(), attempt)) {
                DeliveryResult result = handOver(connection, delivery);
                activity.ended(result);
                // The remaining deliveries wait with the outlet.
                boolean ends = i == count - 1 || result.advice().rest().isPresent();
                Optional<NextAction> next = after(prepared, connection, delivery, no, result, ends);
                if (ends) {
                    return next.filter(NextAction.Suspend.class::isInstance).map(NextAction.Suspend.class::cast);
                }
                advice = over(advice, result.advice());
                spent |= !result.has(Outcome.ACCEPTED);
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
            giveBack(connection);
        }
        FailPoint.reach("after-reply");
        // The outlet must rest before the message is settled and may be claimed again.
        result.advice().rest().ifPresent(isPaused);
        return settle(prepared.row(), delivery, no, result, ends);
    }

    private int start(PreparedMessage prepared, Delivery delivery, boolean first) throws IOException {
        FailPoint.reach("before-attempt-start");
        int no = place.box()
                .attempts()
                .start(new Attempts.Start(
                        prepared.row(),
                        delivery,
                        first ? prepared.newDeliveries() : List.of(),
                        keepsSealed,
                        place.instance(),
                        facts(prepared, delivery),
                        PortWork.timingsJson(prepared.timings()),
                        first));
        MDC.put("attempt", delivery.number() + "." + no);
        FailPoint.reach("after-attempt-start");
        return no;
    }

    /** The facts for the ledger; they include the outlet only when it is the backup. */
    private Map<String, String> facts(PreparedMessage prepared, Delivery delivery) {
        Map<String, String> facts = new TreeMap<>(prepared.facts().getOrDefault(delivery.number(), Map.of()));
        if (outlet.name().equals("backup")) {
            facts.put("transport", outlet.name());
        }
        return facts;
    }

    private DeliveryResult handOver(SendConnection connection, Delivery delivery) {
        try {
            return AdapterCall.send(connection, delivery, place.lease());
        } finally {
            // The result of the attempt must reach the store, whatever the adapter left behind on this thread.
            if (Thread.interrupted()) {
                LOG.debug("the adapter left its thread interrupted");
            }
        }
    }

    /**
     * Returns the connection, so that another message can use it while this result is written. A failure here does not change the
     * server's answer.
     */
    private static void giveBack(SendConnection connection) {
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
        Advice decisive = decisive(result.advice());
        Optional<Function<List<RecipientResult>, NextAction>> decide = ends
                ? Optional.of(all -> Decision.after(
                        all,
                        Terms.of(port, row.onBackup()),
                        row.tries() + 1,
                        row.submittedAt(),
                        place.clock().instant(),
                        decisive))
                : Optional.empty();
        Optional<NextAction> next =
                written.get(() -> settle(row, delivery, no, result, decide)).flatMap(Function.identity());
        FailPoint.reach("after-settle");
        place.observer().attempted(port.name(), result, next);
        next.filter(NextAction.Done.class::isInstance).ifPresent(done -> place.observer()
                .done(
                        port.name(),
                        Duration.between(row.submittedAt(), place.clock().instant())));
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
            return place.box().attempts().settle(row, delivery, no, place.instance(), result, decide);
        } catch (Attempts.LeaseLostException e) {
            LOG.warn("{}; the result of the attempt is still recorded", e.getMessage());
            return place.box()
                    .lateAnswers()
                    .settle(row, delivery, no, place.instance(), result, (now, all) -> late(now, all, result));
        }
    }

    private NextAction late(MessageRow now, List<RecipientResult> all, DeliveryResult result) {
        return Decision.after(
                all,
                Terms.of(port, now.onBackup()),
                now.tries(),
                now.submittedAt(),
                place.clock().instant(),
                result.advice());
    }

    /** The advice for the message after the last delivery of a round. If an earlier delivery used a retry, it stays used. */
    private Advice decisive(Advice now) {
        if (now.rest().isEmpty() || !spent) {
            return now.rest().isPresent() ? now : over(advice, now);
        }
        Rest asked = now.rest().get();
        Duration wait = asked.isForPerson()
                ? Duration.ZERO
                : Duration.between(place.clock().instant(), asked.until());
        return new Advice(
                Optional.of(wait.isNegative() ? Duration.ZERO : wait), Optional.empty(), now.backup(), now.rule());
    }

    /** Of two deliveries of a round, the longer wait counts. */
    private static Advice over(Advice before, Advice now) {
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
