package io.sendport.host.operate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How things stand.
 *
 * @param needsPerson what needs a person, a sentence each; empty when everything is leaving
 * @param instances those alive
 * @param oldestSeconds the age of the oldest message that has not ended
 * @param freeBytes free disk where the store is; empty when that can't be seen from here
 * @param lastCheckpoint when the ledger was last signed, and up to where
 * @param warnings what is unsafe though everything is leaving
 * @param suspended suspended messages by port and cause
 */
public record StatusView(
        List<String> needsPerson,
        List<String> instances,
        OptionalLong oldestSeconds,
        OptionalLong freeBytes,
        Optional<String> lastCheckpoint,
        List<String> warnings,
        List<Suspended> suspended) {

    /**
     * Suspended messages with the same cause.
     *
     * @param count how many
     * @param port their port
     * @param error the cause
     */
    public record Suspended(long count, String port, String error) {}
}
