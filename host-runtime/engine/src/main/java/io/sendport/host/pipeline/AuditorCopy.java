package io.sendport.host.pipeline;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;

/** Where a copy of each mail goes that an auditor alone can read. Safe for use by several threads. */
@FunctionalInterface
public interface AuditorCopy {

    /**
     * Keeps a copy on disk.
     *
     * @param mail as it was assembled, before anything encrypted it
     * @param same whether a copy that an earlier try left is of the same bytes: it stays, and so does its digest
     * @return SHA-256 of what was kept, hex
     * @throws io.sendport.host.store.commit.StoreException when it could not be kept; nothing is to be sent then
     */
    String keep(MessageId message, Body mail, boolean same);
}
