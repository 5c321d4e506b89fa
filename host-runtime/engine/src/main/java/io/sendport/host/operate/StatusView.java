package io.sendport.host.operate;

import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How things stand.
 *
 * @param verdict the whole in a word
 * @param conditions what operators should know of, the worst first
 * @param needsPerson the sentences of those that are more than information; goes away with the next version, use {@code conditions}
 * @param instances those alive
 * @param lastMinute messages delivered in the last minute
 * @param waiting messages that are to be delivered now
 * @param secondsToDrain how long these take at the rate of the last minute; empty where nothing was delivered in it
 * @param oldestSeconds the age of the oldest message that has not ended
 * @param freeBytes free disk where the store is; empty when that can't be seen from here
 * @param lastCheckpoint when the ledger was last signed, and up to where
 * @param suspended suspended messages by port and error; goes away with the next version, use {@code conditions}
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
     * @param error the last
     */
    public record Suspended(long count, String port, String error) {}

    /** Ports whose messages wait because of something that fails. */
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
