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
import io.sendport.support.text.Text;
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
 * Passes stored mails on to another server. Retries until the server accepts or refuses a mail, or the mail is too old. Mails that failed
 * stay in {@code failed}. An operator can move a file from there to {@code waiting}, and the mail is retried. If the process dies
 * during an attempt, the attempt is recorded as in doubt, and the mail is retried. Safe for use by several threads.
 */
final class NextHop implements AutoCloseable {

    /** Retries after one minute, two, four and so on, at least hourly, for four days: the minimum of RFC 5321, section 4.5.4.1. */
    static final RetryRule RULE = new RetryRule(
            1_000, Duration.ofMinutes(1), 2, Optional.of(Duration.ofHours(1)), Optional.of(Duration.ofDays(4)), false);

    /** The limit of waiting mails. Beyond it, clients get a temporary error. */
    static final int MAX_WAITING = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(NextHop.class);
    private static final int WORKERS = 4;
    private static final long SCAN_SECONDS = 30;
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final RelayFolder folder;
    private final RetryRule rule;
    private final Clock clock;
    private final RelayRecorder recorder;
    private final Set<Long> known = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor workers =
            new ScheduledThreadPoolExecutor(WORKERS, task -> new Thread(task, "sendport-relay"));
    private volatile SendAdapter adapter;
    private final AtomicInteger failed = new AtomicInteger();
    private Optional<Series> failures = Optional.empty();
    private volatile String fault = "";

    /** The failed attempts since the next hop last accepted a recipient; see {@link HopFailures}. */
    private record Series(Instant since, long count, Optional<Instant> next, String why) {}

    /** Continues with the mails in {@code folder}. Records each result with {@code recorder} before it is stored in the folder. */
    NextHop(RelayFolder folder, SendAdapter adapter, RetryRule rule, Clock clock, RelayRecorder recorder) {
        this.folder = folder;
        this.adapter = adapter;
        this.rule = rule;
        this.clock = clock;
        this.recorder = recorder;
        workers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        var looking = workers.scheduleWithFixedDelay(this::scan, 0, SCAN_SECONDS, TimeUnit.SECONDS);
        if (looking.isCancelled()) {
            throw new IllegalStateException("cannot watch the folder of waiting mails " + folder);
        }
    }

    /** Switches to {@code other}; attempts in progress continue on their connections. */
    void switchTo(SendAdapter other) {
        SendAdapter old = adapter;
        adapter = other;
        old.close();
    }

    /** Whether the limit of waiting mails is reached. */
    boolean isFull() {
        return known.size() >= MAX_WAITING;
    }

    /** A problem that an operator must solve, with the next step; empty when there is none. */
    String fault() {
        int without = failed.get();
        if (!fault.isEmpty() || without == 0) {
            return fault;
        }
        return Text.counted(without, "mail")
                + " could not be passed on to the next hop. To retry one, move its file N.json from " + folder
                + "/failed to "
                + folder + "/waiting";
    }

    /** The failed attempts since the next hop last accepted a recipient; empty when there are none, or when no mail waits. */
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

    /** Adds a mail whose progress is on disk. */
    void add(RelayProgress progress) {
        if (known.add(progress.number())) {
            schedule(progress.due(), progress.number());
        }
    }

    private void schedule(Instant due, long number) {
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

    /** Adds mails from before this process started, and mails that an operator moved to {@code waiting}. */
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
            wrong = "cannot read the mails in " + folder + " that wait for the next hop: " + e.getMessage();
        }
        if (!wrong.isEmpty() && !wrong.equals(fault)) {
            LOG.error(wrong);
        }
        fault = wrong;
    }

    /** Adds a mail that the scan found. Returns why that is not possible; empty when it was added. */
    private Optional<String> found(long number) {
        try {
            resume(number);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            // The mail was passed on meanwhile.
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of("cannot pass on mail " + number + " of " + folder + ": " + e.getMessage()
                    + ". Sendport tries again");
        }
    }

    private void resume(long number) throws IOException {
        RelayProgress progress = folder.waiting(number);
        if (progress.started()) {
            String why = "the process ended during the attempt";
            DeliveryResult doubt = DeliveryResult.of(progress.open().stream()
                    .map(each -> new RecipientResult(each, Outcome.IN_DOUBT, Handover.UNKNOWN, why))
                    .toList());
            if (!recorded(progress, doubt, "it is sent again")) {
                return;
            }
            progress = progress.ended(progress.open(), progress.refused(), clock.instant(), why);
            folder.keep(RelayFolder.WAITING, progress);
        }
        if (progress.attempts() > 0) {
            notAccepted(Optional.of(progress.due()), progress.why());
        }
        add(progress);
    }

    private void logFault(String what, Exception e) {
        if (fault.isEmpty()) {
            LOG.error(what, e);
        }
        fault = what;
    }

    private void attempt(long number) {
        try {
            RelayProgress progress = folder.waiting(number);
            Optional<Rest> rest = adapter.rest();
            if (rest.isPresent()) {
                Instant later = clock.instant().plus(rule.interval());
                schedule(rest.get().until().isBefore(later) ? rest.get().until() : later, number);
                return;
            }
            Delivery delivery = delivery(progress);
            Connecting asked = adapter.connect();
            if (!(asked instanceof Connecting.Connected connected)) {
                schedule(clock.instant().plus(rule.interval()), number);
                return;
            }
            try (SendConnection connection = connected.connection()) {
                progress = progress.begun();
                folder.keep(RelayFolder.WAITING, progress);
                settle(progress, AdapterCall.send(connection, delivery, () -> true));
            }
        } catch (InterruptedException e) {
            // Closing: the next start finds it.
            Thread.currentThread().interrupt();
            known.remove(number);
        } catch (NoSuchFileException e) {
            giveUp(number, e.getFile() + " is missing");
        } catch (IOException | RuntimeException e) {
            logFault(
                    "cannot pass on mail " + number + " of " + folder + ": " + e.getMessage()
                            + ". Sendport tries again",
                    e);
            schedule(clock.instant().plus(rule.interval()), number);
        }
    }

    /** Gives up a mail whose file, or whose progress file, is missing. */
    private void giveUp(long number, String why) {
        LOG.error("Cannot pass on mail {} of {}: {}. Sendport does not retry it", number, folder, why);
        try {
            RelayProgress progress = folder.waiting(number);
            folder.keep(RelayFolder.FAILED, progress.ended(progress.open(), progress.refused(), clock.instant(), why));
            failed.incrementAndGet();
            folder.forget(number);
        } catch (IOException e) {
            LOG.debug("cannot move the progress file of mail {}", number, e);
        }
        known.remove(number);
    }

    private Delivery delivery(RelayProgress progress) throws IOException {
        RelayedMail mail = new RelayedMail(folder.mail(progress.number()), progress.number(), progress.filedAt());
        return new Delivery(
                progress.message().orElseGet(MessageId::random),
                1,
                progress.sender(),
                progress.open(),
                Handling.USUAL,
                mail,
                progress.transparency(),
                mail.sha256(),
                progress.mimeMessageId());
    }

    private void settle(RelayProgress progress, DeliveryResult result) throws IOException {
        List<MailAddress> left = new ArrayList<>(result.with(Outcome.DEFERRED));
        left.addAll(result.with(Outcome.IN_DOUBT));
        List<MailAddress> refused = new ArrayList<>(progress.refused());
        refused.addAll(result.with(Outcome.REFUSED));
        NextAction next = next(progress, result, left, refused);
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
                        "The next hop did not accept mail {} of {}: {}. Sendport retries it",
                        progress.number(),
                        folder,
                        why);
            }
            notAccepted(again, why);
        }
        if (!recorded(progress, result, describe(next))) {
            return;
        }
        if (next instanceof NextAction.Retry retry) {
            RelayProgress waiting = progress.ended(left, refused, retry.at(), why);
            folder.keep(RelayFolder.WAITING, waiting);
            schedule(waiting.due(), waiting.number());
            return;
        }
        if (!(next instanceof NextAction.Done)) {
            List<MailAddress> without = new ArrayList<>(left);
            without.addAll(refused);
            folder.keep(RelayFolder.FAILED, progress.ended(without, List.of(), clock.instant(), why));
            failed.incrementAndGet();
            LOG.error(
                    "Mail {} of {} (Message-ID {}) could not be passed on: {}. Sendport does not retry it. To retry it, remove the"
                            + " cause, then move {}/failed/{}.json to {}/waiting",
                    progress.number(),
                    folder,
                    progress.mimeMessageId(),
                    describe(next),
                    folder,
                    progress.number(),
                    folder);
        }
        folder.forget(progress.number());
        known.remove(progress.number());
    }

    /**
     * Decides the next action. A recipient that refused is not retried, even if others are. A mail that any recipient refused counts as
     * failed in the end.
     */
    private NextAction next(
            RelayProgress progress, DeliveryResult result, List<MailAddress> left, List<MailAddress> refused) {
        List<RecipientResult> results = result.recipients().stream()
                .filter(each -> left.isEmpty() || each.outcome() != Outcome.REFUSED)
                .toList();
        if (left.isEmpty() && !refused.isEmpty() && result.with(Outcome.REFUSED).isEmpty()) {
            return new NextAction.Suspend("refused before: " + progress.why());
        }
        Advice advice = new Advice(result.advice().retryAfter(), result.advice().rest(), false, "");
        return Decision.after(
                results,
                new Terms(rule, false, true),
                progress.attempts(),
                progress.filedAt(),
                clock.instant(),
                advice);
    }

    private static String describe(NextAction next) {
        if (next instanceof NextAction.Retry retry) {
            return "will be retried at " + retry.at();
        }
        return next instanceof NextAction.Suspend suspend ? suspend.why() : "";
    }

    private boolean recorded(RelayProgress progress, DeliveryResult result, String next) {
        return recorder.record(
                progress.message(),
                Entry.of(Kind.RELAYED)
                        .header("attempt", progress.attempts())
                        .header("sha256", progress.sha256())
                        .detail("mimeMessageId", progress.mimeMessageId())
                        .result(result)
                        .detail("detail", "mail " + progress.number() + " of " + folder)
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
