package io.sendport.host.store.commit;

import io.sendport.host.store.sql.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** The transaction of a write. Several writes share one; none may commit or roll back. */
public final class Transaction {

    private final Handle handle;
    private final Sql sql;
    private final Map<Class<?>, BeforeCommit> shared = new HashMap<>();
    private final int writer;
    private final StoreState state;
    private final List<Runnable> whenCommitted = new ArrayList<>(1);
    private boolean work;
    private boolean erasing;

    /**
     * @param writer the index of the connection in this process, from 0
     * @param state the state of the store that this transaction has read
     */
    public Transaction(Handle handle, Sql sql, int writer, StoreState state) {
        this.handle = handle;
        this.sql = sql;
        this.writer = writer;
        this.state = state;
    }

    /**
     * Call this in writes that start something new: a submission or an instance.
     *
     * @throws StoreException when this program must not start anything new
     */
    public void requireNewWork() {
        refuse(state.refusesNewWork());
    }

    /**
     * Call this in writes that lead to sending: a claim or an attempt.
     *
     * @throws StoreException when nothing may be sent
     */
    public void requireClaims() {
        refuse(state.refusesClaims());
    }

    private static void refuse(Optional<StoreException> why) {
        if (why.isPresent()) {
            throw why.get();
        }
    }

    /** The index of the connection in this process, from 0. Each connection runs one transaction at a time. */
    public int writer() {
        return writer;
    }

    /** For all SQL except the statements of {@link #sql}. */
    public Handle handle() {
        return handle;
    }

    /** For the few statements that every message needs. */
    public Sql sql() {
        return sql;
    }

    /** The object that the writes of this transaction share under {@code type}. The first caller creates it. */
    public <T extends BeforeCommit> T share(Class<T> type, Supplier<T> maker) {
        return type.cast(shared.computeIfAbsent(type, key -> maker.get()));
    }

    /** Signals that the transaction stores work that is due now, so that other processes look for it. */
    public void signalWork() {
        work = true;
    }

    /** Whether {@link #signalWork} was called. */
    public boolean hasWork() {
        return work;
    }

    /** Signals that the transaction deletes data of which no copy may stay in the write-ahead log. */
    public void markErasing() {
        erasing = true;
    }

    /** Whether {@link #markErasing} was called. */
    public boolean isErasing() {
        return erasing;
    }

    /** Writes what the shared objects have collected, and executes all queued changes. */
    public void beforeCommit() {
        shared.values().forEach(each -> each.beforeCommit(this));
        sql.flush();
    }

    /** Runs {@code what} after the commit and before the callers are answered. Does not run it when the transaction fails. */
    public void whenCommitted(Runnable what) {
        whenCommitted.add(what);
    }

    /** Runs what {@link #whenCommitted} collected. */
    public void committed() {
        whenCommitted.forEach(Runnable::run);
    }

    /** Drops the queued changes, because the transaction failed. */
    public void fail() {
        sql.drop();
    }

    /** Writes something after all writes of a transaction. */
    public interface BeforeCommit {
        /** Runs once, before the commit. */
        void beforeCommit(Transaction transaction);
    }
}
