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
 * What to do after an attempt, given where every recipient of the message stands now:
 *
 * <ol>
 *   <li>All accepted: done.
 *   <li>One in doubt, and the port holds what is in doubt: a person decides. Nobody else is tried meanwhile, since a person may
 *       find that none of it arrived.
 *   <li>One deferred while the port rests: due at once, so that it is tried as soon as the rest ends, for whatever reason; no retry is spent,
 *       since nothing was wrong with the message. Nothing is claimed for a port that rests.
 *   <li>One deferred, or in doubt where the port sends again: another try, as long as count and age allow.
 *   <li>One deferred, or in doubt, and the count used up: the backup transport, where there is one and it has not had its turn; else
 *       suspended. So where age is used up.
 *   <li>One deferred by an answer that a rule sends to the backup transport: that, where it is left.
 *   <li>The rest is refused: suspended, with the answers.
 * </ol>
 */
public final class Decision {

    private Decision() {}

    /**
     * Decides.
     *
     * @param recipients the last result of each recipient
     * @param terms the port's
     * @param attempts made so far over this transport, this one included
     * @param submittedAt when the message came
     * @param now the time it is
     * @param advice the adapter's
     */
    public static Next after(
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
            return new Next.Done();
        }
        if (!doubtful.isEmpty() && rule.hold()) {
            return new Next.Hold("the relay may have it: " + reasons(doubtful));
        }
        if (doubtful.isEmpty() && !deferred.isEmpty() && advice.rest().isPresent()) {
            return new Next.Retry(now, false);
        }
        if (!doubtful.isEmpty() || !deferred.isEmpty()) {
            List<RecipientResult> open = new ArrayList<>(doubtful);
            open.addAll(deferred);
            open.addAll(refused);
            if (attempts > rule.count() || (advice.backup() && terms.backupLeft())) {
                String why =
                        given(doubtful) + attempts + (attempts == 1 ? " attempt: " : " attempts: ") + reasons(open);
                return terms.backupLeft() ? new Next.Backup(why) : new Next.Suspend(why, terms.resumable());
            }
            Instant at = now.plus(advice.retryAfter().orElseGet(() -> rule.waitAfter(attempts)));
            boolean tooOld = rule.maxAge()
                    .filter(age -> Duration.between(submittedAt, at).compareTo(age) > 0)
                    .isPresent();
            return tooOld
                    ? new Next.Suspend(
                            (doubtful.isEmpty() ? "" : "the relay may have it; ") + "older than "
                                    + rule.maxAge().get() + ": " + reasons(open),
                            terms.resumable())
                    : new Next.Retry(at);
        }
        return new Next.Suspend("refused: " + reasons(refused), terms.resumable());
    }

    /** Of one in doubt nobody knows that there was no success. */
    private static String given(List<RecipientResult> doubtful) {
        return doubtful.isEmpty() ? "no success in " : "the relay may have it; no clear answer in ";
    }

    /** As above, where the adapter has nothing to say and there is no other way out. */
    public static Next after(
            Collection<RecipientResult> recipients, RetryRule rule, int attempts, Instant submittedAt, Instant now) {
        return after(recipients, new Terms(rule, false, true), attempts, submittedAt, now, Advice.NONE);
    }

    private static List<RecipientResult> having(Collection<RecipientResult> recipients, Outcome outcome) {
        return recipients.stream().filter(each -> each.outcome() == outcome).toList();
    }

    /** The answers, each with those it concerns; at most five. For a person. */
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
