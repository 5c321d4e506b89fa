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
import java.util.stream.Collectors;

/**
 * {@code <match>}: one condition on a context property. Numbers are compared as numbers, times as times, and everything else character by
 * character, as BizTalk's filters do by the type of the property. A missing property matches nothing, not even {@code notEquals}.
 *
 * @param property its name
 * @param operator the comparison
 * @param value the value to compare with; empty for {@link Operator#EXISTS}
 */
public record Match(String property, Operator operator, String value) {

    /** BizTalk's operators in the order of their codes 0 to 6: =, &lt;, &lt;=, &gt;, &gt;=, not =, exists. */
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
                    given.isEmpty()
                            ? "has no condition"
                            : "has " + given.size() + " conditions: "
                                    + given.stream().map(each -> each.word).collect(Collectors.joining(", ")),
                    "write exactly one of equals, notEquals, less, lessOrEqual, greater, greaterOrEqual and exists; for a range,"
                            + " write two <match> elements"));
            return Optional.empty();
        }
        Operator operator = given.get(0);
        if (operator == Operator.EXISTS && !match.flag("exists", false)) {
            problems.add(match.problem("exists", "is false", "expected true; otherwise leave the match out"));
        }
        return Optional.of(new Match(
                match.text("property", ""),
                operator,
                operator == Operator.EXISTS ? "" : match.text(operator.word, "")));
    }

    /** Whether the condition is true for a message with these properties. */
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
            // Not numbers; perhaps times.
        }
        try {
            return Instant.parse(a.strip()).compareTo(Instant.parse(b.strip()));
        } catch (DateTimeException e) {
            return a.compareTo(b);
        }
    }
}
