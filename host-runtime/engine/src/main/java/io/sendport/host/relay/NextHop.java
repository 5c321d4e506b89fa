package io.sendport.host.relay;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Handover;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import io.sendport.config.port.RetryRule;
import io.sendport.host.decide.Decision;
import io.sendport.host.decide.NextAction;
import io.sendport.host.decide.Terms;
import io.sendport.host.handover.AdapterCall;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes stored mails on to another server. Retries until the server accepts or refuses a mail, or the mail is too old. Failed
 * mails wait in {@code failed} for an operator, who can move a file from there to {@code waiting} to retry it. If the process dies
 * during an attempt, the attempt is recorded as in doubt and repeated. Safe for use by several threads.
 */
final class NextHop implements AutoCloseable {

    /** A minute, two, four, up to an hour, for four days, the minimum of RFC 5321, section 4.5.4.1. */
    static final RetryRule RULE = new RetryRule(
            1_000, Duration.ofMinutes(1), 2, Optional.of(Duration.ofHours(1)), Optional.of(Duration.ofDays(4)), false);

    /** The limit of waiting mails; beyond it, clients get a temporary error. */
    static final int MAX_WAITING = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(NextHop.class);
    private static final int WORKERS = 4;
    private static final long LOOK_SECONDS = 30;
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final RelayFolder folder;
    private final RetryRule rule;
    private final Clock clock;
    private final Register register;
    private final Set<Long> known = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor workers =
            new ScheduledThreadPoolExecutor(WORKERS, task -> new Thread(task, "sendport-relay"));
    private volatile SendAdapter adapter;
    private final AtomicInteger failed = new AtomicInteger();
    private Optional<Series> failures = Optional.empty();
    private volatile String fault = "";

    /** Attempts in a row at which the next hop accepted no recipient; see {@link HopFailures}. */
    private record Series(Instant since, long count, Optional<Instant> next, String why) {}

    /** Continues with the mails in {@code folder}. The end of each attempt is on {@code register} before the folder shows it. */
    NextHop(RelayFolder folder, SendAdapter adapter, RetryRule rule, Clock clock, Register register) {
        this.folder = folder;
        this.adapter = adapter;
        this.rule = rule;
        this.clock = clock;
        this.register = register;
        workers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        var looking = workers.scheduleWithFixedDelay(this::scan, 0, LOOK_SECONDS, TimeUnit.SECONDS);
        if (looking.isCancelled()) {
            throw new IllegalStateException("cannot watch the folder of waiting mails " + folder);
        }
    }

    /** Switches to {@code other}; attempts in progress continue on their connections. */
    void over(SendAdapter other) {
        SendAdapter old = adapter;
        adapter = other;
        old.close();
    }

    /** Whether the limit of waiting mails is reached. */
    boolean isFull() {
        return known.size() >= MAX_WAITING;
    }

    /** A problem for an operator; empty when there is none. */
    String fault() {
        int without = failed.get();
        if (!fault.isEmpty() || without == 0) {
            return fault;
        }
        return without + (without == 1 ? " mail" : " mails") + " could not be passed on to the next hop; see " + folder
                + "/failed";
    }

    /** The failures since the last recipient that it accepted; empty when there are none, or when no mail waits. */
    synchronized Optional<HopFailures> failures() {
        int waiting = known.size();
        failures = failures.filter(series -> waiting > 0);
        return failures.map(
                series -> new HopFailures(series.since(), series.count(), waiting, series.next(), series.why()));
    }

    private synchronized void accepted() {
        failures = Optional.empty();
    }

    private synchronized void notAccepted(Optional<Instant> next, String why) {
        failures = Optional.of(failures.map(series -> new Series(series.since(), series.count() + 1, next, why))
                .orElseGet(() -> new Series(clock.instant(), 1, next, why)));
    }

    /** Adds a mail whose passage is on disk. */
    void add(Passage passage) {
        if (known.add(passage.number())) {
            at(passage.due(), passage.number());
        }
    }

    private void at(Instant due, long number) {
        long wait = Math.max(0, Duration.between(clock.instant(), due).toMillis());
        try {
            var task = workers.schedule(() -> attempt(number), wait, TimeUnit.MILLISECONDS);
            if (task.isCancelled()) {
                known.remove(number);
            }
        } catch (RejectedExecutionException e) {
            // Closing: the next start finds it.
            known.remove(number);
        }
    }

    /** Finds mails from before this process started, or that an operator moved here. */
    private void scan() {
        String wrong = "";
        try {
            failed.set(folder.numbers(RelayFolder.FAILED).size());
            for (long number : folder.numbers(RelayFolder.WAITING)) {
                if (!known.contains(number) && !isFull()) {
                    wrong = found(number).orElse(wrong);
                }
            }
        } catch (IOException | RuntimeException e) {
            wrong = "cannot read the mails that wait for the next hop: " + e.getMessage();
        }
        if (!wrong.isEmpty() && !wrong.equals(fault)) {
            LOG.error(wrong);
        }
        fault = wrong;
    }

    /** Why it cannot be continued. */
    private Optional<String> found(long number) {
        try {
            resume(number);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            // It was passed on meanwhile.
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of("mail " + number + " waits: " + e.getMessage());
        }
    }

    private void resume(long number) throws IOException {
        Passage passage = folder.waiting(number);
        if (passage.started()) {
            String why = "the process ended during an attempt";
            DeliveryResult doubt = DeliveryResult.of(passage.open().stream()
                    .map(each -> new RecipientResult(each, Outcome.IN_DOUBT, Handover.UNKNOWN, why))
                    .toList());
            if (!recorded(passage, doubt, "it is sent again")) {
                return;
            }
            passage = passage.ended(passage.open(), passage.refused(), clock.instant(), why);
            folder.keep(RelayFolder.WAITING, passage);
        }
        if (passage.attempts() > 0) {
            notAccepted(Optional.of(passage.due()), passage.why());
        }
        add(passage);
    }

    private void logFault(String what, Exception e) {
        if (fault.isEmpty()) {
            LOG.error(what, e);
        }
        fault = what;
    }

    private void attempt(long number) {
        try {
            Passage passage = folder.waiting(number);
            Optional<Rest> rest = adapter.rest();
            if (rest.isPresent()) {
                Instant later = clock.instant().plus(rule.interval());
                at(rest.get().until().isBefore(later) ? rest.get().until() : later, number);
                return;
            }
            Delivery delivery = delivery(passage);
            Connecting asked = adapter.connect();
            if (!(asked instanceof Connecting.Connected connected)) {
                at(clock.instant().plus(rule.interval()), number);
                return;
            }
            try (SendConnection connection = connected.connection()) {
                passage = passage.begun();
                folder.keep(RelayFolder.WAITING, passage);
                settle(passage, AdapterCall.send(connection, delivery, () -> true));
            }
        } catch (InterruptedException e) {
            // Closing: the next start finds it.
            Thread.currentThread().interrupt();
            known.remove(number);
        } catch (NoSuchFileException e) {
            giveUp(number, e.getFile() + " is missing");
        } catch (IOException | RuntimeException e) {
            logFault("mail " + number + " waits: " + e.getMessage(), e);
            at(clock.instant().plus(rule.interval()), number);
        }
    }

    /** An operator removed the mail, or its passage file. */
    private void giveUp(long number, String why) {
        LOG.error("mail {} is not passed on: {}", number, why);
        try {
            Passage passage = folder.waiting(number);
            folder.keep(RelayFolder.FAILED, passage.ended(passage.open(), passage.refused(), clock.instant(), why));
            failed.incrementAndGet();
            folder.forget(number);
        } catch (IOException e) {
            LOG.debug("cannot delete the passage file of mail {}", number, e);
        }
        known.remove(number);
    }

    private Delivery delivery(Passage passage) throws IOException {
        RelayedMail mail = new RelayedMail(folder.mail(passage.number()), passage.number(), passage.filedAt());
        return new Delivery(
                passage.message().orElseGet(MessageId::random),
                1,
                passage.sender(),
                passage.open(),
                Handling.USUAL,
                mail,
                passage.transparency(),
                mail.sha256(),
                passage.mimeMessageId());
    }

    private void settle(Passage passage, DeliveryResult result) throws IOException {
        List<MailAddress> left = new ArrayList<>(result.with(Outcome.DEFERRED));
        left.addAll(result.with(Outcome.IN_DOUBT));
        List<MailAddress> refused = new ArrayList<>(passage.refused());
        refused.addAll(result.with(Outcome.REFUSED));
        NextAction next = next(passage, result, left, refused);
        String why = result.recipients().stream()
                .filter(each -> each.outcome() != Outcome.ACCEPTED)
                .map(RecipientResult::described)
                .distinct()
                .limit(3)
                .reduce((one, other) -> one + "; " + other)
                .orElse("");
        if (result.has(Outcome.ACCEPTED)) {
            accepted();
        } else if (!left.isEmpty()) {
            Optional<Instant> again =
                    next instanceof NextAction.Retry retry ? Optional.of(retry.at()) : Optional.empty();
            if (failures().isEmpty()) {
                LOG.warn(
                        "the next hop did not accept mail {} of {}. Sendport tries again: {}",
                        passage.number(),
                        folder,
                        why);
            }
            notAccepted(again, why);
        }
        if (!recorded(passage, result, describe(next))) {
            return;
        }
        if (next instanceof NextAction.Retry retry) {
            Passage waiting = passage.ended(left, refused, retry.at(), why);
            folder.keep(RelayFolder.WAITING, waiting);
            at(waiting.due(), waiting.number());
            return;
        }
        if (!(next instanceof NextAction.Done)) {
            List<MailAddress> without = new ArrayList<>(left);
            without.addAll(refused);
            folder.keep(RelayFolder.FAILED, passage.ended(without, List.of(), clock.instant(), why));
            failed.incrementAndGet();
            LOG.error(
                    "mail {} {} could not be passed on: {}", passage.number(), passage.mimeMessageId(), describe(next));
        }
        folder.forget(passage.number());
        known.remove(passage.number());
    }

    /** Refused recipients are final while others remain; a mail that some recipients never got finally counts as failed. */
    private NextAction next(Passage passage, DeliveryResult result, List<MailAddress> left, List<MailAddress> refused) {
        List<RecipientResult> results = result.recipients().stream()
                .filter(each -> left.isEmpty() || each.outcome() != Outcome.REFUSED)
                .toList();
        if (left.isEmpty() && !refused.isEmpty() && result.with(Outcome.REFUSED).isEmpty()) {
            return new NextAction.Suspend("refused before: " + passage.why());
        }
        Advice advice = new Advice(result.advice().retryAfter(), result.advice().rest(), false, "");
        return Decision.after(
                results, new Terms(rule, false, true), passage.attempts(), passage.filedAt(), clock.instant(), advice);
    }

    private static String describe(NextAction next) {
        if (next instanceof NextAction.Retry retry) {
            return "will be retried at " + retry.at();
        }
        return next instanceof NextAction.Suspend suspend ? suspend.why() : "";
    }

    private boolean recorded(Passage passage, DeliveryResult result, String next) {
        return register.put(
                passage.message(),
                Entry.of(Kind.RELAYED)
                        .header("attempt", passage.attempts())
                        .header("sha256", passage.sha256())
                        .detail("mimeMessageId", passage.mimeMessageId())
                        .result(result)
                        .detail("detail", "mail " + passage.number() + " of " + folder)
                        .detail("next", next));
    }

    @Override
    public void close() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
        adapter.close();
    }
}
