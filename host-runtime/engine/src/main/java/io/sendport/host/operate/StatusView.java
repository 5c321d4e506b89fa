package io.sendport.host.operate;

import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The overall status.
 *
 * @param verdict the summary
 * @param conditions for operators, the most severe first
 * @param needsPerson the sentences of conditions above information level; will be removed in the next version, use
 *     {@code conditions}
 * @param instances running instances
 * @param lastMinute messages delivered in the last minute
 * @param waiting messages that are due for delivery
 * @param secondsToDrain how long these take at the rate of the last minute; empty if nothing was delivered in it
 * @param oldestSeconds the age of the oldest message that has not ended
 * @param freeBytes free disk space of the store; empty if unknown
 * @param lastCheckpoint when the ledger was last signed, and up to which place
 * @param suspended suspended messages by port and error; will be removed in the next version, use {@code conditions}
 */
public record StatusView(
        Verdict verdict,
        List<ConditionView> conditions,
        List<String> needsPerson,
        List<String> instances,
        long lastMinute,
        long waiting,
        OptionalLong secondsToDrain,
        OptionalLong oldestSeconds,
        OptionalLong freeBytes,
        Optional<String> lastCheckpoint,
        List<Suspended> suspended) {

    /**
     * Suspended messages with the same error.
     *
     * @param count how many
     * @param port their port
     * @param error the last error
     */
    public record Suspended(long count, String port, String error) {}

    /** Ports whose messages wait because of a failure. */
    public List<String> portsNotDelivering() {
        return conditions.stream()
                .filter(each -> each.severity() == Severity.FAILING)
                .flatMap(each -> each.messages().stream())
                .flatMap(each -> each.ports().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
