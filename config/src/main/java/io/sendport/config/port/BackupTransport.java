package io.sendport.config.port;

import io.sendport.api.settings.Settings;
import java.util.List;

/**
 * {@code <backupTransport>}: the way out once the retries of the first are used up, with a count and an interval of its own, as BizTalk's.
 *
 * @param transport the effective {@code <smtp>} or {@code <camel>}
 * @param retry its own rule
 * @param rates of its server
 */
public record BackupTransport(Settings transport, RetryRule retry, List<Rate> rates) {

    /** Copies the list. */
    public BackupTransport {
        rates = List.copyOf(rates);
    }
}
