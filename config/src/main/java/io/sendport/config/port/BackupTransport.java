package io.sendport.config.port;

import io.sendport.api.settings.Settings;
import java.util.List;

/**
 * {@code <backupTransport>}: the transport that is used once the retries of the primary transport are used up. It has its own retry count
 * and interval, as in BizTalk.
 *
 * @param transport the effective {@code <smtp>} or {@code <camel>}
 * @param retry its own retry rule
 * @param rates rate limits of its server
 */
public record BackupTransport(Settings transport, RetryRule retry, List<Rate> rates) {

    /** Copies the list. */
    public BackupTransport {
        rates = List.copyOf(rates);
    }
}
