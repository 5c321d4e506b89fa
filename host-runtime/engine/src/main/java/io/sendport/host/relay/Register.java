package io.sendport.host.relay;

import io.sendport.api.message.MessageId;
import io.sendport.host.ledger.Entry;
import java.util.Optional;

/** Records the next hop's answers. Safe for use by several threads. */
@FunctionalInterface
public interface Register {

    /**
     * Records {@code entry}, however long that takes.
     *
     * @param message the message of the mail, as far as its Message-ID shows
     * @return whether it was recorded; false when the process ends
     */
    boolean put(Optional<MessageId> message, Entry entry);
}
