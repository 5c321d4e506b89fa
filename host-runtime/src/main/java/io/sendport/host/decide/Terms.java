package io.sendport.host.decide;

import io.sendport.config.BackupTransport;
import io.sendport.config.RetryRule;
import io.sendport.config.SendPort;

/**
 * What a message at a port may still expect.
 *
 * @param rule of the transport that has its turn
 * @param backupLeft whether there is a backup transport that has not had its turn
 */
public record Terms(RetryRule rule, boolean backupLeft) {

    /** Where the port is gone. */
    public static final Terms DEFAULT = new Terms(RetryRule.DEFAULT, false);

    /** At {@code port}, for a message that the backup transport has in turn or not. */
    public static Terms of(SendPort port, boolean onBackup) {
        return onBackup
                ? new Terms(port.backup().map(BackupTransport::retry).orElse(port.retry()), false)
                : new Terms(port.retry(), port.backup().isPresent());
    }
}
