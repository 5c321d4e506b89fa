package io.sendport.host.operate;

import io.sendport.host.box.MessageState;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.ConditionText;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A condition with its texts.
 *
 * @param kind the kind of condition
 * @param subject what the condition concerns
 * @param severity the severity
 * @param since when the condition started, as far as known
 * @param count the number of occurrences or of affected messages; 0 when there is nothing to count
 * @param until the time of the next attempt, or of the end; empty if unknown
 * @param sentence the problem in a sentence
 * @param nextStep the first step for an operator
 * @param instances the instances that report the condition; empty if only the message box shows it
 * @param messages the filter for the affected messages; empty when there are none
 */
public record ConditionView(
        ConditionKind kind,
        Subject subject,
        Severity severity,
        Instant since,
        long count,
        Optional<Instant> until,
        String sentence,
        String nextStep,
        List<String> instances,
        Optional<Messages> messages) {

    /**
     * The filter that lists the affected messages.
     *
     * @param ports the ports of the messages
     * @param states the states of the messages
     */
    public record Messages(List<String> ports, List<MessageState> states) {

        /** Returns the filter as options of {@code sendport messages}. */
        public String options() {
            return Stream.concat(
                            ports.stream().map(port -> "--port " + ConditionText.quoted(port)),
                            Stream.of("--state "
                                    + states.stream().map(MessageState::word).collect(Collectors.joining(","))))
                    .collect(Collectors.joining(" "));
        }
    }

    /** Returns {@code condition} with its texts. */
    public static ConditionView of(Condition condition) {
        List<MessageState> states = states(condition.kind());
        return new ConditionView(
                condition.kind(),
                condition.subject(),
                condition.severity(),
                condition.since(),
                condition.count(),
                condition.until(),
                ConditionText.sentence(condition),
                ConditionText.nextStep(condition),
                List.copyOf(condition.instances()),
                condition.ports().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Messages(List.copyOf(condition.ports()), states)));
    }

    private static List<MessageState> states(ConditionKind kind) {
        return switch (kind) {
            case MESSAGES_SUSPENDED -> List.of(MessageState.SUSPENDED);
            case MESSAGES_IN_DOUBT -> List.of(MessageState.IN_DOUBT, MessageState.SUSPENDED);
            case MESSAGES_DEFERRED -> List.of(MessageState.RETRYING);
            case INSTANCE_DIED -> List.of(MessageState.SENDING);
            default ->
                List.of(MessageState.WAITING, MessageState.SENDING, MessageState.RETRYING, MessageState.SCHEDULED);
        };
    }
}
