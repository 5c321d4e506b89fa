package io.sendport.host.store.commit;

/** How a process opens the store. */
public enum Access {
    /** Creates it if it does not exist. */
    CREATE,
    /** Requires it to exist. */
    WRITE,
    /** Requires it to exist, and does not change it. */
    READ
}
