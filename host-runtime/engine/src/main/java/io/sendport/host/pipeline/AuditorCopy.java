package io.sendport.host.pipeline;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;

/** Stores a copy of each mail for auditors. Safe for use by several threads. */
@FunctionalInterface
public interface AuditorCopy {

    /**
     * Stores a copy. Returns once it is on disk.
     *
     * @param mail the mail as it was assembled, before any encryption
     * @param same whether a copy of an earlier attempt has the same bytes; then this keeps that copy and returns its digest
     * @return the SHA-256 of the stored copy, hex
     * @throws io.sendport.host.store.commit.StoreException when the copy could not be stored; the mail must not be sent then
     */
    String keep(MessageId message, Body mail, boolean same);
}
