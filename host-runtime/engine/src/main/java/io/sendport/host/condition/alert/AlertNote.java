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
 * A condition as an alert shows it, without the mail addresses that servers' texts may contain.
 *
 * @param kind the kind of the condition
 * @param subject the name of the affected port, server, instance or other subject
 * @param severity how much it matters
 * @param since when it started, as far as known
 * @param ports the ports whose messages it concerns
 * @param text the problem, in the words of {@code status}
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

    /** Creates the note of {@code condition}, with its present texts. */
    public static AlertNote of(Condition condition) {
        // The name of an instance looks like a mail address, but is not one: keep it.
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

    /** Returns the text with each mail address replaced by {@code [address]}. */
    public static String withoutAddresses(String text) {
        return MailAddresses.replaced(text, address -> "[address]");
    }

    /** Returns the subjects for which progress is tracked. A condition of several ports recovers port by port. */
    static List<String> subjects(Condition condition) {
        return condition.kind().subject() == Subject.Type.PORT
                        && condition.ports().size() > 1
                ? List.copyOf(condition.ports())
                : List.of(condition.subject().name());
    }

    /** Returns this note restricted to one of its ports; unchanged if it does not name that port. */
    AlertNote forPort(String port) {
        return kind.subject() == Subject.Type.PORT && ports.contains(port)
                ? new AlertNote(kind, port, severity, since, new TreeSet<>(List.of(port)), text, nextStep)
                : this;
    }
}
