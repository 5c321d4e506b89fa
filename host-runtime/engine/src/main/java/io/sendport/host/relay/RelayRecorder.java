package io.sendport.host.relay;

import io.sendport.api.message.MessageId;
import io.sendport.host.ledger.Entry;
import java.util.Optional;

/** Records the next hop's answers on the ledger. Safe for use by several threads. */
@FunctionalInterface
public interface RelayRecorder {

    /**
     * Records {@code entry}. Waits and retries while the store is unavailable.
     *
     * @param message the message of the mail; empty if its Message-ID does not show it
     * @return whether it was recorded; false when the process ends first
     */
    boolean record(Optional<MessageId> message, Entry entry);
}
