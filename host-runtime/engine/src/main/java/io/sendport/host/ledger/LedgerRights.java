package io.sendport.host.ledger;

import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import org.jdbi.v3.core.Handle;

/**
 * Checks which rights the database user of this process has on records. On PostgreSQL with separate roles, hosts may only add records.
 * Then the owner of the tables applies retention and erases private parts.
 */
public final class LedgerRights {

    private static final String AS_OWNER =
            ". Run it as the owner of the tables, with --user and --password-file: docs/postgresql.md, \"Least privilege\"";

    private LedgerRights() {}

    /** Returns whether the database user may delete records. */
    public static boolean mayDelete(Handle handle) {
        return handle.createQuery("SELECT <mayDelete>")
                .bind(0, "audit_segment")
                .mapTo(Boolean.class)
                .one();
    }

    /**
     * Checks that the database user may erase private parts.
     *
     * @throws StoreException with reason FORBIDDEN when it may not
     */
    public static void requireErasing(Store store) {
        boolean isAllowed = store.read(handle -> handle.createQuery("SELECT <mayErase>")
                .bind(0, "audit_segment")
                .mapTo(Boolean.class)
                .one());
        if (!isAllowed) {
            throw forbidden(store, "erase records; nothing was erased");
        }
    }

    /** Creates the exception for a database user that may not delete records. */
    public static StoreException mayNotDelete(Store store) {
        return forbidden(store, "delete records; nothing was deleted");
    }

    private static StoreException forbidden(Store store, String what) {
        return new StoreException(
                "the database user of " + store.name() + " may not " + what + AS_OWNER,
                null,
                StoreException.Reason.FORBIDDEN);
    }
}
