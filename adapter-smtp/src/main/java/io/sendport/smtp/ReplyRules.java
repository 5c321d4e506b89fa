package io.sendport.smtp;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Rest;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.smtp.ReplyRule.Action;
import io.sendport.smtp.wire.Answer;
import io.sendport.smtp.wire.Phase;
import io.sendport.smtp.wire.Reply;
import io.sendport.smtp.wire.ReplyPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * {@code <replies>}: the meaning of certain replies of a server, in addition to {@link ReplyPolicy}. The first matching rule counts; the
 * port's own rules precede those of its preset:
 *
 * <ul>
 *   <li>{@code exchange}: back-pressure and connection limits (4.3.2, 4.3.1) are retried after minutes. A relay that does not allow
 *       relaying at all (5.7.57, 5.7.60, 5.7.3) stops the port, because every message would fail.
 *   <li>{@code microsoft365}: the same, and its throttling: 4.3.2 is retried after a minute (too many concurrent connections), 4.5.127 and
 *       4.7.5xx after a quarter of an hour. The daily limit (5.1.90, 5.2.x with "submission quota") pauses the port for an hour. A blocked
 *       address or tenant (5.7.708, 5.7.705) and a disabled SMTP AUTH (5.7.139) stop it.
 *   <li>{@code postfix}: greylisting and full queues are retried after minutes.
 * </ul>
 *
 * {@link ReplyPolicy} decides about replies that match no rule. A rule never changes a delivery that is accepted or in doubt.
 */
final class ReplyRules {

    private static final Map<String, List<ReplyRule>> PRESETS = Map.of(
            "exchange",
                    List.of(
                            ReplyRule.preset("exchange", 0, "4.3.2", "", Action.RETRY, ofMinutes(5)),
                            ReplyRule.preset("exchange", 0, "4.3.1", "", Action.RETRY, ofMinutes(10)),
                            ReplyRule.preset("exchange", 0, "5.7.57", "", Action.PAUSE_PORT, ZERO),
                            ReplyRule.preset("exchange", 0, "5.7.60", "", Action.PAUSE_PORT, ZERO),
                            ReplyRule.preset("exchange", 0, "5.7.3", "", Action.PAUSE_PORT, ZERO)),
            "microsoft365",
                    List.of(
                            ReplyRule.preset("microsoft365", 0, "4.3.2", "", Action.RETRY, ofMinutes(1)),
                            ReplyRule.preset("microsoft365", 0, "4.5.127", "", Action.RETRY, ofMinutes(15)),
                            ReplyRule.preset("microsoft365", 0, "4.7.5xx", "", Action.RETRY, ofMinutes(15)),
                            ReplyRule.preset("microsoft365", 0, "", "server busy", Action.RETRY, ofMinutes(15)),
                            ReplyRule.preset("microsoft365", 0, "5.1.90", "", Action.PAUSE_PORT, ofHours(1)),
                            ReplyRule.preset(
                                    "microsoft365", 0, "5.2", "submission ?quota", Action.PAUSE_PORT, ofHours(1)),
                            ReplyRule.preset("microsoft365", 0, "5.7.708", "", Action.PAUSE_PORT, ZERO),
                            ReplyRule.preset("microsoft365", 0, "5.7.705", "", Action.PAUSE_PORT, ZERO),
                            ReplyRule.preset("microsoft365", 0, "5.7.139", "", Action.PAUSE_PORT, ZERO),
                            ReplyRule.preset("microsoft365", 0, "5.7.57", "", Action.PAUSE_PORT, ZERO)),
            "postfix",
                    List.of(
                            ReplyRule.preset("postfix", 450, "", "greylist", Action.RETRY, ofMinutes(5)),
                            ReplyRule.preset("postfix", 452, "4.3.1", "", Action.RETRY, ofMinutes(10)),
                            ReplyRule.preset(
                                    "postfix", 0, "4.7.0", "too many connections", Action.RETRY, ofMinutes(2))));

    private static final Duration MAX_DURATION = Duration.ofDays(30);

    private final List<ReplyRule> rules;

    private ReplyRules(List<ReplyRule> rules) {
        this.rules = List.copyOf(rules);
    }

    static ReplyRules of(Settings relay) {
        List<ReplyRule> rules = new ArrayList<>();
        for (Settings replies : relay.children("replies")) {
            for (Settings each : replies.children("reply")) {
                rules.add(ReplyRule.of(each, rules.size() + 1));
            }
        }
        for (Settings replies : relay.children("replies")) {
            rules.addAll(PRESETS.getOrDefault(replies.text("preset", ""), List.of()));
        }
        return new ReplyRules(rules);
    }

    static List<Problem> check(Settings relay) {
        List<Problem> problems = new ArrayList<>();
        for (Settings replies : relay.children("replies")) {
            String preset = replies.text("preset", "");
            if (!preset.isEmpty() && !PRESETS.containsKey(preset)) {
                problems.add(replies.problem(
                        "preset", "\"" + preset + "\" is not known", "expected exchange, microsoft365 or postfix"));
            }
            replies.children("reply").forEach(each -> check(each, problems));
        }
        return problems;
    }

    private static void check(Settings rule, List<Problem> problems) {
        String action = rule.text("action", "");
        if (Action.of(action).isEmpty()) {
            problems.add(rule.problem(
                    "action", "\"" + action + "\" is not known", "expected retry, suspend, pausePort or backup"));
        }
        if (rule.has("code") && (rule.number("code", 0) < 400 || rule.number("code", 0) > 599)) {
            problems.add(rule.problem("code", "is not a failure code", "expected 400 to 599"));
        }
        if (!rule.has("code") && !rule.has("enhanced") && !rule.has("text")) {
            problems.add(rule.problem("action", "the rule would match every answer", "add code, enhanced or text"));
        }
        if (rule.has("enhanced") && !rule.text("enhanced", "").matches("[45](\\.[\\dx]{1,3}){0,2}")) {
            problems.add(rule.problem(
                    "enhanced",
                    "is not an enhanced status code",
                    "use, for example, 4.3.2; 4.7 for all of 4.7.x; or 4.7.5xx for 4.7.500 to 4.7.599"));
        }
        if (rule.has("after") && rule.duration("after", ZERO).compareTo(MAX_DURATION) > 0) {
            problems.add(rule.problem("after", "is too long", "expected at most 30 days"));
        }
        if (rule.has("after") && (action.equals("suspend") || action.equals("backup"))) {
            problems.add(rule.problem(
                    "after",
                    "has no effect with action=\"" + action + "\"",
                    "remove the attribute \"after\", or set action=\"retry\" or action=\"pausePort\""));
        }
        try {
            Pattern.compile(rule.text("text", ""));
        } catch (PatternSyntaxException e) {
            problems.add(rule.problem("text", "is not a regular expression: " + e.getDescription(), ""));
        }
    }

    private Optional<ReplyRule> first(Reply reply) {
        return rules.stream().filter(rule -> rule.matches(reply)).findFirst();
    }

    /** The result after applying the rules. */
    SmtpResult applied(SmtpResult result, Instant now) {
        List<Answer> recipients = new ArrayList<>();
        Advice advice = Advice.NONE;
        for (Answer each : result.answers()) {
            boolean open = each.outcome() == Outcome.DEFERRED || each.outcome() == Outcome.REFUSED;
            Optional<ReplyRule> rule = open ? first(each.reply()) : Optional.empty();
            if (rule.isEmpty()) {
                recipients.add(each);
                continue;
            }
            Outcome outcome = rule.get().action() == Action.SUSPEND ? Outcome.REFUSED : Outcome.DEFERRED;
            recipients.add(new Answer(each.address(), outcome, each.phase(), each.reply()));
            advice = stronger(advice, advice(rule.get(), each.reply(), now));
        }
        return new SmtpResult(
                recipients, result.channel(), result.queueId(), result.elapsed(), result.dialogue(), advice);
    }

    private static Advice advice(ReplyRule rule, Reply reply, Instant now) {
        return switch (rule.action()) {
            case RETRY -> new Advice(rule.after(), Optional.empty(), false, rule.name());
            case SUSPEND -> new Advice(Optional.empty(), Optional.empty(), false, rule.name());
            case BACKUP -> new Advice(Optional.empty(), Optional.empty(), true, rule.name());
            case PAUSE_PORT ->
                new Advice(
                        Optional.empty(),
                        Optional.of(new Rest(
                                Rest.Cause.RELAY,
                                rule.after().map(now::plus).orElse(Instant.MAX),
                                rule.name() + ": " + reply)),
                        false,
                        rule.name());
        };
    }

    /** Prefers a pause of the port to a wait of the message, and a longer wait to a shorter one. */
    private static Advice stronger(Advice a, Advice b) {
        if (a.rest().isPresent() || b.rest().isPresent()) {
            return a.rest().isPresent() ? a : b;
        }
        Duration first = a.retryAfter().orElse(ZERO);
        Duration second = b.retryAfter().orElse(ZERO);
        return a.equals(Advice.NONE) || second.compareTo(first) > 0 ? b : a;
    }

    /** For {@code sendport replies test}: what such a reply to RCPT would lead to. */
    String explain(String text) {
        Reply reply = parsed(text);
        Optional<ReplyRule> rule = first(reply);
        if (rule.isPresent()) {
            String after = rule.get().after().map(time -> " after " + time).orElse("");
            return switch (rule.get().action()) {
                        case RETRY ->
                            "retry" + (after.isEmpty() ? " after the port's interval" : after)
                                    + ", while retries are left";
                        case SUSPEND -> "suspend: the message waits for an operator; `messages resume` retries it";
                        case BACKUP -> "backup: the port's backup transport is used at once; without one, as retry";
                        case PAUSE_PORT ->
                            "pausePort: the port sends nothing"
                                    + (after.isEmpty() ? " until an operator starts it" : " and continues" + after)
                                    + "; the message waits and uses up no retry";
                    }
                    + " (" + rule.get().name() + ")";
        }
        Outcome outcome = ReplyPolicy.outcome(Phase.RCPT, reply);
        return switch (outcome) {
            case ACCEPTED -> "accepted";
            case REFUSED ->
                "suspend: the message waits for an operator; `messages resume` retries it (no rule; 5xx is refused)";
            case DEFERRED ->
                reply.code() / 100 == 2
                        ? "accepted"
                        : "retry after the port's interval, while retries are left (no rule; "
                                + (reply.code() == 0 ? "no answer means a broken connection" : "4xx is deferred") + ")";
            case IN_DOUBT -> "in doubt";
        };
    }

    private static Reply parsed(String text) {
        String stripped = text.strip();
        return stripped.matches("[2-5]\\d\\d([ -].*)?")
                ? Reply.of(
                        Integer.parseInt(stripped.substring(0, 3)), stripped.substring(Math.min(4, stripped.length())))
                : Reply.none(stripped);
    }
}
