package io.sendport.smtp;

import io.sendport.api.settings.Settings;
import io.sendport.smtp.wire.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The meaning of one kind of reply. All given conditions must match.
 *
 * @param code reply code
 * @param enhanced pattern of an enhanced status code, or of its start up to a dot
 * @param text a pattern to find in the text, ignoring case
 * @param action what to do
 * @param after the wait before sending continues
 * @param name for the record
 */
record ReplyRule(
        OptionalInt code,
        Optional<Pattern> enhanced,
        Optional<Pattern> text,
        Action action,
        Optional<Duration> after,
        String name) {

    /** The possible actions. */
    enum Action {
        /** Retry the message, {@code after} replacing the port's retry interval. */
        RETRY("retry"),
        /** Suspend the message for an operator. */
        SUSPEND("suspend"),
        /** Pause the port for {@code after}, or until an operator starts it. The message uses up no retry. */
        PAUSE_PORT("pausePort"),
        /** Use the port's backup transport at once. */
        BACKUP("backup");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        static Optional<Action> of(String word) {
            return List.of(values()).stream()
                    .filter(each -> each.word.equals(word))
                    .findFirst();
        }

        String word() {
            return word;
        }
    }

    /** A configured rule; {@code number} counts from 1. */
    static ReplyRule of(Settings settings, int number) {
        return new ReplyRule(
                settings.has("code") ? OptionalInt.of(settings.number("code", 0)) : OptionalInt.empty(),
                settings.text("enhanced").map(ReplyRule::enhanced),
                settings.text("text").map(expression -> Pattern.compile(expression, Pattern.CASE_INSENSITIVE)),
                Action.of(settings.require("action")).orElseThrow(),
                settings.has("after") ? Optional.of(settings.duration("after", Duration.ZERO)) : Optional.empty(),
                "rule " + number + " of <replies> (" + settings.origin().line() + ")");
    }

    /** A rule of a preset. */
    static ReplyRule preset(String preset, int code, String enhanced, String text, Action action, Duration after) {
        return new ReplyRule(
                code == 0 ? OptionalInt.empty() : OptionalInt.of(code),
                enhanced.isEmpty() ? Optional.empty() : Optional.of(enhanced(enhanced)),
                text.isEmpty() ? Optional.empty() : Optional.of(Pattern.compile(text, Pattern.CASE_INSENSITIVE)),
                action,
                after.isZero() ? Optional.empty() : Optional.of(after),
                "preset " + preset + (code == 0 ? "" : " " + code) + (enhanced.isEmpty() ? "" : " " + enhanced)
                        + (text.isEmpty() ? "" : " /" + text + "/"));
    }

    /** The codes that {@code written} stands for: {@code 4.7} for all of 4.7.x, and {@code 4.7.5xx} for 4.7.500 to 4.7.599. */
    private static Pattern enhanced(String written) {
        return Pattern.compile(written.replace(".", "\\.").replace("x", "\\d") + "(?:\\.\\d+)*");
    }

    boolean matches(Reply reply) {
        return reply.code() >= 400
                && (code.isEmpty() || code.getAsInt() == reply.code())
                && enhanced.map(pattern -> pattern.matcher(reply.enhanced()).matches())
                        .orElse(true)
                && text.map(pattern -> pattern.matcher(reply.text()).find()).orElse(true);
    }

    @Override
    public String toString() {
        return name + ": " + action.word()
                + after.map(time -> " after " + time.toString().toLowerCase(Locale.ROOT))
                        .orElse("");
    }
}
