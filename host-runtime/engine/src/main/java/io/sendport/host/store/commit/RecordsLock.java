package io.sendport.host.store.commit;

/** Why the ledger's records are locked. A verification reads them page by page, and would miss what moves between two pages. */
public enum RecordsLock {
    /** They must stay where they are; several verifications share the lock. */
    VERIFY,
    /** They move into another form; alone. */
    MOVE
}
