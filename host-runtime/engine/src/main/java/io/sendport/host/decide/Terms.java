package io.sendport.host.decide;

import io.sendport.config.port.BackupTransport;
import io.sendport.config.port.RetryRule;
import io.sendport.config.port.SendPort;

/**
 * What a message at a port may still expect.
 *
 * @param rule of the current transport
 * @param backupLeft whether there is a backup transport that has not been used yet
 * @param resumable whether an operator may resume it once suspended; false at an ordered port that continues without it
 */
public record Terms(RetryRule rule, boolean backupLeft, boolean resumable) {

    /** The terms when the port no longer exists. */
    public static final Terms DEFAULT = new Terms(RetryRule.DEFAULT, false, true);

    /**
     * The terms at {@code port}.
     *
     * @param onBackup whether the message uses the backup transport
     */
    public static Terms of(SendPort port, boolean onBackup) {
        boolean resumable = !port.schedule().ordered() || port.schedule().stopOnFailure();
        return onBackup
                ? new Terms(port.backup().map(BackupTransport::retry).orElse(port.retry()), false, resumable)
                : new Terms(port.retry(), port.backup().isPresent(), resumable);
    }
}
