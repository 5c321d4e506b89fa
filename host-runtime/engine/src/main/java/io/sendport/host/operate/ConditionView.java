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
import java.util.stream.Stream;

/**
 * A condition with its texts.
 *
 * @param kind what it is
 * @param subject what it concerns
 * @param severity how much it matters
 * @param since when it started, as far as known
 * @param count how often it happened, or how many messages it concerns; 0 when there is nothing to count
 * @param until when the next attempt is, or when it ends
 * @param sentence the problem
 * @param nextStep the first step for an operator
 * @param instances that report it; empty when the message box shows it
 * @param messages the messages that it concerns; empty when there are none
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
     * The filter that lists the messages.
     *
     * @param ports their ports
     * @param states their states
     */
    public record Messages(List<String> ports, List<MessageState> states) {

        /** The filter as options of {@code sendport messages}. */
        public String options() {
            return String.join(
                    " ",
                    Stream.concat(
                                    ports.stream().map(port -> "--port " + ConditionText.quoted(port)),
                                    states.stream().map(state -> "--state " + state.word()))
                            .toList());
        }
    }

    /** Adds the texts of {@code condition}. */
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
            default -> List.of(MessageState.WAITING, MessageState.SENDING, MessageState.RETRYING);
        };
    }
}
