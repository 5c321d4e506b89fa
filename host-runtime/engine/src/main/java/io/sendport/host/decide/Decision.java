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
 * The next action after an attempt, given the last result of every recipient of the message:
 * <ol>
 * <li>All accepted: done.
 * <li>One in doubt, and the port holds messages in doubt: an operator decides. No other recipient is tried meanwhile, because the
 * operator may find that none of it arrived.
 * <li>One deferred while the port rests: due at once, so that it is tried as soon as the rest ends. No retry is used, because the
 * message was not the cause. Nothing is claimed for a resting port.
 * <li>One deferred, or in doubt if the port sends again: another attempt, as long as count and age allow.
 * <li>One deferred or in doubt, and the retries or the age limit used up: the backup transport, if it has not been used yet;
 * otherwise suspended.
 * <li>One deferred by an answer that a rule sends to the backup transport: the backup transport, if it has not been used yet.
 * <li>All others refused: suspended, with the answers.
 * </ol>
 */
public final class Decision {

    private Decision() {}

    /**
     * Decides.
     *
     * @param recipients the last result of each recipient
     * @param terms the port's terms
     * @param attempts made so far over this transport, including this one
     * @param submittedAt when the message was submitted
     * @param now the current time
     * @param advice the adapter's advice
     */
    public static NextAction after(
            Collection<RecipientResult> recipients,
            Terms terms,
            int attempts,
            Instant submittedAt,
            Instant now,
            Advice advice) {
        RetryRule rule = terms.rule();
        List<RecipientResult> doubtful = having(recipients, Outcome.IN_DOUBT);
        List<RecipientResult> deferred = having(recipients, Outcome.DEFERRED);
        List<RecipientResult> refused = having(recipients, Outcome.REFUSED);
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
                        given(doubtful) + attempts + (attempts == 1 ? " attempt: " : " attempts: ") + reasons(open);
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

    /** If a recipient is in doubt, the attempt may have succeeded, so the text must not say that it failed. */
    private static String given(List<RecipientResult> doubtful) {
        return doubtful.isEmpty() ? "not accepted in " : "the relay may have it; no clear reply in ";
    }

    /** As above, without advice and without a backup transport. */
    public static NextAction after(
            Collection<RecipientResult> recipients, RetryRule rule, int attempts, Instant submittedAt, Instant now) {
        return after(recipients, new Terms(rule, false, true), attempts, submittedAt, now, Advice.NONE);
    }

    private static List<RecipientResult> having(Collection<RecipientResult> recipients, Outcome outcome) {
        return recipients.stream().filter(each -> each.outcome() == outcome).toList();
    }

    /** The answers, each with the recipients that got it; at most five. For operators. */
    public static String reasons(List<RecipientResult> results) {
        return results.stream()
                .collect(Collectors.groupingBy(
                        RecipientResult::described,
                        java.util.LinkedHashMap::new,
                        Collectors.mapping(each -> each.address().toString(), Collectors.toList())))
                .entrySet()
                .stream()
                .limit(5)
                .map(entry -> entry.getKey() + " (" + named(entry.getValue()) + ")")
                .collect(Collectors.joining("; "));
    }

    private static String named(List<String> addresses) {
        return addresses.size() <= 3
                ? String.join(", ", addresses)
                : String.join(", ", addresses.subList(0, 3)) + " and " + (addresses.size() - 3) + " more";
    }
}
