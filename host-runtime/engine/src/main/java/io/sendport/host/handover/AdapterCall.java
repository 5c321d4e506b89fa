package io.sendport.host.handover;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.mail.MailAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls an adapter. If the adapter fails before it reads the mail, the delivery is deferred, because the adapter cannot have handed the
 * mail over. If it fails later, the delivery is in doubt. Safe for use by several threads.
 */
public final class AdapterCall {

    private static final Logger LOG = LoggerFactory.getLogger(AdapterCall.class);

    private AdapterCall() {}

    /** Hands {@code delivery} over. The result has each recipient of the delivery exactly once, in the same order. Never throws. */
    public static DeliveryResult send(SendConnection connection, Delivery delivery, Lease lease) {
        long began = System.nanoTime();
        WatchedBody mail = new WatchedBody(delivery.mail());
        try {
            DeliveryResult result = Objects.requireNonNull(
                    connection.send(delivery.with(mail), lease), "the adapter returned no result");
            return isComplete(delivery, result) ? result : complete(delivery, result, mail.wasRead());
        } catch (Exception | Error e) {
            if (e instanceof InterruptedException) {
                // Restore the interrupt, so that the caller can stop the port.
                Thread.currentThread().interrupt();
            }
            boolean read = mail.wasRead();
            LOG.error(
                    read
                            ? "The adapter failed after it read the mail of message {}, so it is unknown whether the mail was"
                                    + " sent. The message is in doubt, and inDoubt of its port decides what happens."
                                    + " If this repeats, report it to the adapter's author"
                            : "The adapter failed before it read the mail of message {}, so nothing was sent. The message is"
                                    + " deferred and retried as <retry> says. If this repeats, report it to the adapter's author",
                    delivery.message(),
                    e);
            String why = "the adapter failed: " + e;
            return (read ? DeliveryResult.inDoubt(delivery, why) : DeliveryResult.deferred(delivery, why))
                    .took(Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private static boolean isComplete(Delivery delivery, DeliveryResult result) {
        List<MailAddress> expected = delivery.recipients();
        List<RecipientResult> actual = result.recipients();
        boolean same = expected.size() == actual.size();
        for (int i = 0; same && i < expected.size(); i++) {
            same = expected.get(i).equals(actual.get(i).address());
        }
        return same;
    }

    /**
     * Makes a result that has each recipient once. A recipient with several results, or without a result, is in doubt. It is deferred if it
     * has no result and the adapter did not read the mail.
     */
    private static DeliveryResult complete(Delivery delivery, DeliveryResult result, boolean read) {
        List<RecipientResult> all = new ArrayList<>();
        int wrong = 0;
        for (MailAddress address : delivery.recipients()) {
            List<RecipientResult> found = result.recipients().stream()
                    .filter(each -> each.address().equals(address))
                    .distinct()
                    .toList();
            if (found.size() == 1) {
                all.add(found.get(0));
                continue;
            }
            wrong++;
            String why = found.isEmpty()
                    ? "the adapter gave no result for this recipient"
                    : "the adapter gave " + found.size() + " different results for this recipient";
            boolean untouched = found.isEmpty() && !read;
            all.add(new RecipientResult(
                    address,
                    untouched ? Outcome.DEFERRED : Outcome.IN_DOUBT,
                    untouched ? Handover.NOT_HANDED_OVER : Handover.UNKNOWN,
                    why));
        }
        long foreign = result.recipients().stream()
                .filter(each -> !delivery.recipients().contains(each.address()))
                .count();
        if (wrong > 0 || foreign > 0) {
            LOG.error(
                    "The adapter's result does not fit delivery {} of message {}: {} of {} recipients have no unique result, and"
                            + " {} results are for other addresses. Recipients without a unique result are in doubt, or deferred"
                            + " if the adapter did not read the mail. Report this to the adapter's author",
                    delivery.number(),
                    delivery.message(),
                    wrong,
                    delivery.recipients().size(),
                    foreign);
        }
        return new DeliveryResult(
                all,
                result.contact(),
                result.peer(),
                result.facts(),
                result.elapsed(),
                result.dialogue(),
                result.advice(),
                result.fault());
    }
}
