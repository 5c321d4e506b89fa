package io.sendport.config.port;

import io.sendport.api.message.Context;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@code <match>}: one condition on a context property. Numbers compare as numbers and times as times, all else letter by letter, as
 * BizTalk's filters do by the property's type. A property that a message does not have matches nothing, {@code notEquals} included.
 *
 * @param property its name
 * @param operator how it compares
 * @param value with what; empty for {@link Operator#EXISTS}
 */
public record Match(String property, Operator operator, String value) {

    /** BizTalk's operators, their codes 0 to 6 in this order: =, &lt;, &lt;=, &gt;, &gt;=, not =, exists. */
    public enum Operator {
        EQUALS("equals"),
        LESS("less"),
        LESS_OR_EQUAL("lessOrEqual"),
        GREATER("greater"),
        GREATER_OR_EQUAL("greaterOrEqual"),
        NOT_EQUALS("notEquals"),
        EXISTS("exists");

        private final String word;

        Operator(String word) {
            this.word = word;
        }
    }

    static Optional<Match> of(Settings match, List<Problem> problems) {
        List<Operator> given = Arrays.stream(Operator.values())
                .filter(each -> match.has(each.word))
                .toList();
        if (given.size() != 1) {
            problems.add(match.problem(
                    "property",
                    "has " + given.size() + " conditions",
                    "expected one of equals, notEquals, less, lessOrEqual, greater, greaterOrEqual, exists"));
            return Optional.empty();
        }
        Operator operator = given.get(0);
        if (operator == Operator.EXISTS && !match.flag("exists", false)) {
            problems.add(match.problem("exists", "is false", "expected true, or the match left out"));
        }
        return Optional.of(new Match(
                match.text("property", ""),
                operator,
                operator == Operator.EXISTS ? "" : match.text(operator.word, "")));
    }

    /** Whether it holds for a message with these properties. */
    public boolean holds(Context context) {
        Optional<String> found = context.text(property);
        if (found.isEmpty() || operator == Operator.EXISTS) {
            return found.isPresent();
        }
        int order = compare(found.get(), value);
        return switch (operator) {
            case EQUALS -> order == 0;
            case NOT_EQUALS -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
            case EXISTS -> true;
        };
    }

    private static int compare(String a, String b) {
        try {
            return new BigDecimal(a.strip()).compareTo(new BigDecimal(b.strip()));
        } catch (NumberFormatException e) {
            // No numbers; times perhaps.
        }
        try {
            return Instant.parse(a.strip()).compareTo(Instant.parse(b.strip()));
        } catch (DateTimeException e) {
            return a.compareTo(b);
        }
    }
}
