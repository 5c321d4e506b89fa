package io.sendport.host.store.commit;

/** Why the ledger's records are locked. A verification reads them page by page, and would miss records that move between two pages. */
public enum RecordsLock {
    /** The records must stay where they are. Several verifications hold the lock shared. */
    VERIFY,
    /** The records move into another form. The lock is held exclusively. */
    MOVE
}
