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
 * @param conditions the conditions for operators, the most severe first
 * @param needsPerson the sentences of conditions above the severity INFO; will be removed in the next version, use {@code conditions}
 * @param instances the names of the running instances
 * @param lastMinute the number of messages delivered in the last minute
 * @param waiting the number of messages that are due
 * @param secondsToDrain how long the delivery of these takes at the rate of the last minute; empty if nothing was delivered in it
 * @param oldestSeconds the age of the oldest open message, in seconds; empty when there is none
 * @param freeBytes the free disk space of the store, in bytes; empty if unknown
 * @param lastCheckpoint when the ledger was last signed, and up to which place; empty if unknown
 * @param suspended the suspended messages by port and error; will be removed in the next version, use {@code conditions}
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
     * Suspended messages of one port with the same error.
     *
     * @param count the number of messages
     * @param port the name of the port
     * @param error the last error
     */
    public record Suspended(long count, String port, String error) {}

    /** Returns the names of the ports whose messages wait because of a failure, sorted. */
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
