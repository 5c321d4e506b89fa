package io.sendport.host.condition.alert;

import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.ConditionText;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Subject;
import io.sendport.support.text.MailAddresses;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A condition as an alert tells it. Addresses in the texts of servers are left out.
 *
 * @param kind what it is
 * @param subject the name of what it concerns
 * @param severity how much it matters
 * @param since when it started, as far as known
 * @param ports whose messages it concerns
 * @param text the problem, as {@code status} says it
 * @param nextStep the first step for an operator
 */
public record AlertNote(
        ConditionKind kind,
        String subject,
        Severity severity,
        Instant since,
        SortedSet<String> ports,
        String text,
        String nextStep) {

    /** Copies the set. */
    public AlertNote {
        ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
    }

    /** The present texts of {@code condition}. */
    public static AlertNote of(Condition condition) {
        // The name of an instance looks like an address but is none.
        boolean isInstance = condition.kind().subject() == Subject.Type.INSTANCE;
        Condition shown = isInstance ? withoutAddresses(condition) : condition;
        String text = ConditionText.sentence(shown);
        String nextStep = ConditionText.nextStep(shown);
        String name = condition.subject().name();
        return new AlertNote(
                condition.kind(),
                isInstance ? name : withoutAddresses(name),
                condition.severity(),
                condition.since(),
                condition.ports(),
                isInstance ? text : withoutAddresses(text),
                isInstance ? nextStep : withoutAddresses(nextStep));
    }

    private static Condition withoutAddresses(Condition condition) {
        return new Condition(
                condition.kind(),
                condition.subject(),
                condition.severity(),
                condition.since(),
                condition.count(),
                withoutAddresses(condition.detail()),
                condition.until(),
                condition.ports(),
                condition.instances());
    }

    /** The text with each mail address replaced. */
    public static String withoutAddresses(String text) {
        return MailAddresses.replaced(text, address -> "[address]");
    }

    /** What it concerns, one by one: a condition of several ports recovers port by port. */
    static List<String> subjects(Condition condition) {
        return condition.kind().subject() == Subject.Type.PORT
                        && condition.ports().size() > 1
                ? List.copyOf(condition.ports())
                : List.of(condition.subject().name());
    }

    /** This note for one of its ports. */
    AlertNote of(String port) {
        return kind.subject() == Subject.Type.PORT && ports.contains(port)
                ? new AlertNote(kind, port, severity, since, new TreeSet<>(List.of(port)), text, nextStep)
                : this;
    }
}
