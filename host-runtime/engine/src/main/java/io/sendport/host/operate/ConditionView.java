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
 * A condition with its words.
 *
 * @param kind what it is
 * @param subject what it is about
 * @param severity how much it matters
 * @param since when it began, as far as that is known
 * @param count how often it happened, or how many messages it concerns; 0 where there is nothing to count
 * @param until when the next attempt is, or something ends
 * @param sentence what is the matter
 * @param nextStep what an operator does first
 * @param instances which tell it; empty where the message box shows it
 * @param messages which it concerns; empty where it concerns none
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
     * The filter that lists messages.
     *
     * @param ports theirs
     * @param states theirs; each of the list
     */
    public record Messages(List<String> ports, List<MessageState> states) {

        /** As options of {@code sendport messages}. */
        public String options() {
            return String.join(
                    " ",
                    Stream.concat(
                                    ports.stream().map(port -> "--port " + ConditionText.quoted(port)),
                                    states.stream().map(state -> "--state " + state.word()))
                            .toList());
        }
    }

    /** With the words of {@code condition}. */
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
            case COMPONENT_SLOW, INSTANCE_DIED -> List.of(MessageState.SENDING);
            default -> List.of(MessageState.WAITING, MessageState.SENDING, MessageState.RETRYING);
        };
    }
}
