package io.sendport.host.store.commit;

/** What a process wants of the store. */
public enum Access {
    /** Makes it where it isn't. */
    CREATE,
    /** It must be there. */
    WRITE,
    /** It must be there, and is not changed. */
    READ
}
