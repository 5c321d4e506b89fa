package io.sendport.host.decide;

import io.sendport.config.port.BackupTransport;
import io.sendport.config.port.RetryRule;
import io.sendport.config.port.SendPort;

/**
 * The retry and backup terms of a message at its port.
 *
 * @param rule the retry rule of the current transport
 * @param backupLeft whether the port has a backup transport that the message has not used yet
 * @param resumable whether an operator may resume the message once it is suspended; false at an ordered port that continues without it
 */
public record Terms(RetryRule rule, boolean backupLeft, boolean resumable) {

    /** The terms of a message whose port no longer exists. */
    public static final Terms DEFAULT = new Terms(RetryRule.DEFAULT, false, true);

    /**
     * Returns the terms of a message at {@code port}.
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
