package io.sendport.host.pipeline;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;

/** Stores a copy of each mail that only an auditor can read. Safe for use by several threads. */
@FunctionalInterface
public interface AuditorCopy {

    /**
     * Stores a copy on disk.
     *
     * @param mail as it was assembled, before any encryption
     * @param same whether a copy from an earlier attempt has the same bytes: then it stays, with its digest
     * @return SHA-256 of the stored copy, hex
     * @throws io.sendport.host.store.commit.StoreException when it could not be stored; nothing may be sent then
     */
    String keep(MessageId message, Body mail, boolean same);
}
