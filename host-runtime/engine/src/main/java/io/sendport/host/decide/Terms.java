package io.sendport.host.decide;

import io.sendport.config.port.BackupTransport;
import io.sendport.config.port.RetryRule;
import io.sendport.config.port.SendPort;

/**
 * What a message at a port may still expect.
 *
 * @param rule of the transport that has its turn
 * @param backupLeft whether there is a backup transport that has not had its turn
 * @param resumable whether a person may let it go on once it is suspended; an ordered port that goes on without it allows that no more
 */
public record Terms(RetryRule rule, boolean backupLeft, boolean resumable) {

    /** Where the port is gone. */
    public static final Terms DEFAULT = new Terms(RetryRule.DEFAULT, false, true);

    /** At {@code port}, for a message that the backup transport has in turn or not. */
    public static Terms of(SendPort port, boolean onBackup) {
        boolean resumable = !port.schedule().ordered() || port.schedule().stopOnFailure();
        return onBackup
                ? new Terms(port.backup().map(BackupTransport::retry).orElse(port.retry()), false, resumable)
                : new Terms(port.retry(), port.backup().isPresent(), resumable);
    }
}
