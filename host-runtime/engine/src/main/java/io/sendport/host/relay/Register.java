package io.sendport.host.relay;

import io.sendport.api.message.MessageId;
import io.sendport.host.ledger.Entry;
import java.util.Optional;

/** Where it is recorded what the next hop said. Safe for use by several threads. */
@FunctionalInterface
public interface Register {

    /**
     * Records {@code entry}, however long that takes.
     *
     * @param message whose mail it is, as far as its Message-ID tells
     * @return whether it is on record; not when the process ends
     */
    boolean put(Optional<MessageId> message, Entry entry);
}
