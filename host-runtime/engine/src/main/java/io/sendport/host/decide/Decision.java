package io.sendport.host.decide;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.config.port.RetryRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Decides the next action after an attempt from the last result of every recipient of the message. The first rule that fits counts:
 * <ol>
 * <li>All recipients accepted: the message is done.
 * <li>A recipient is in doubt, and the port holds messages in doubt: an operator decides. Sendport tries no other recipient meanwhile,
 * because the operator may find that nothing arrived.
 * <li>A recipient is deferred while the port rests, and none is in doubt: the message is due at once. It is then tried when the rest ends.
 * This uses no retry, because the message was not the cause. Nothing is claimed for a resting port.
 * <li>A recipient is deferred or in doubt, and the retries are used up: the message switches to the backup transport. It is suspended if
 * there is no backup transport, or the message already uses it.
 * <li>A recipient is deferred or in doubt, and a rule for replies asks for an unused backup transport: the message switches to it.
 * <li>A recipient is deferred or in doubt: another attempt, unless the message would then be too old. In that case it is suspended.
 * <li>All others are refused: the message is suspended, with the replies.
 * </ol>
 */
public final class Decision {

    private Decision() {}

    /**
     * Returns the next action.
     *
     * @param recipients the last result of each recipient
     * @param terms the retry and backup terms of the message
     * @param attempts the number of attempts over the current transport, including this one
     * @param submittedAt when the message was submitted
     * @param now the current time
     * @param advice the advice of the adapter
     */
    public static NextAction after(
            Collection<RecipientResult> recipients,
            Terms terms,
            int attempts,
            Instant submittedAt,
            Instant now,
            Advice advice) {
        RetryRule rule = terms.rule();
        List<RecipientResult> doubtful = withOutcome(recipients, Outcome.IN_DOUBT);
        List<RecipientResult> deferred = withOutcome(recipients, Outcome.DEFERRED);
        List<RecipientResult> refused = withOutcome(recipients, Outcome.REFUSED);
        if (doubtful.isEmpty() && deferred.isEmpty() && refused.isEmpty()) {
            return new NextAction.Done();
        }
        if (!doubtful.isEmpty() && rule.hold()) {
            return new NextAction.Hold("the relay may have it: " + reasons(doubtful));
        }
        if (doubtful.isEmpty() && !deferred.isEmpty() && advice.rest().isPresent()) {
            return new NextAction.Retry(now, false);
        }
        if (!doubtful.isEmpty() || !deferred.isEmpty()) {
            List<RecipientResult> open = new ArrayList<>(doubtful);
            open.addAll(deferred);
            open.addAll(refused);
            if (attempts > rule.count() || (advice.backup() && terms.backupLeft())) {
                String why =
                        prefix(doubtful) + attempts + (attempts == 1 ? " attempt: " : " attempts: ") + reasons(open);
                return terms.backupLeft() ? new NextAction.Backup(why) : new NextAction.Suspend(why, terms.resumable());
            }
            Instant at = now.plus(advice.retryAfter().orElseGet(() -> rule.waitAfter(attempts)));
            boolean tooOld = rule.maxAge()
                    .filter(age -> Duration.between(submittedAt, at).compareTo(age) > 0)
                    .isPresent();
            return tooOld
                    ? new NextAction.Suspend(
                            (doubtful.isEmpty() ? "" : "the relay may have it; ") + "older than maxAge ("
                                    + rule.maxAge().get() + "): " + reasons(open),
                            terms.resumable())
                    : new NextAction.Retry(at);
        }
        return new NextAction.Suspend("refused: " + reasons(refused), terms.resumable());
    }

    /** The start of a reason. If a recipient is in doubt, the mail may have arrived, so the text must not say that the attempt failed. */
    private static String prefix(List<RecipientResult> doubtful) {
        return doubtful.isEmpty() ? "not accepted in " : "the relay may have it; no clear reply in ";
    }

    /** As above, without advice and without a backup transport. The message may be resumed. */
    public static NextAction after(
            Collection<RecipientResult> recipients, RetryRule rule, int attempts, Instant submittedAt, Instant now) {
        return after(recipients, new Terms(rule, false, true), attempts, submittedAt, now, Advice.NONE);
    }

    private static List<RecipientResult> withOutcome(Collection<RecipientResult> recipients, Outcome outcome) {
        return recipients.stream().filter(each -> each.outcome() == outcome).toList();
    }

    /** The replies as a text for operators: at most five, each with the recipients that got it. */
    public static String reasons(List<RecipientResult> results) {
        return results.stream()
                .collect(Collectors.groupingBy(
                        RecipientResult::described,
                        java.util.LinkedHashMap::new,
                        Collectors.mapping(each -> each.address().toString(), Collectors.toList())))
                .entrySet()
                .stream()
                .limit(5)
                .map(entry -> entry.getKey() + " (" + listAddresses(entry.getValue()) + ")")
                .collect(Collectors.joining("; "));
    }

    private static String listAddresses(List<String> addresses) {
        return addresses.size() <= 3
                ? String.join(", ", addresses)
                : String.join(", ", addresses.subList(0, 3)) + " and " + (addresses.size() - 3) + " more";
    }
}
