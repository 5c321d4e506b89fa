package io.sendport.host.ledger;

import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import org.jdbi.v3.core.Handle;

/**
 * What the database user of this process may do to records. On PostgreSQL with separate roles, hosts may only add records, and the owner of
 * the tables applies retention and erases.
 */
public final class LedgerRights {

    private static final String AS_OWNER =
            ". Run it as the owner of the tables, with --user and --password-file: docs/postgresql.md, \"Least privilege\"";

    private LedgerRights() {}

    /** Whether it may delete records. */
    public static boolean mayDelete(Handle handle) {
        return handle.createQuery("SELECT <mayDelete>")
                .bind(0, "audit_segment")
                .mapTo(Boolean.class)
                .one();
    }

    /**
     * Checks that it may erase private parts.
     *
     * @throws StoreException of the reason FORBIDDEN when it may not
     */
    public static void requireErasing(Store store) {
        boolean may = store.read(handle -> handle.createQuery("SELECT <mayErase>")
                .bind(0, "audit_segment")
                .mapTo(Boolean.class)
                .one());
        if (!may) {
            throw forbidden(store, "erase records; nothing was erased");
        }
    }

    /** The refusal to delete records. */
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
