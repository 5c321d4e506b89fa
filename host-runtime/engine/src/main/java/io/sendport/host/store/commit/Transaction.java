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
    private boolean erases;

    public Transaction(Handle handle, Sql sql, int writer, StoreState state) {
        this.handle = handle;
        this.sql = sql;
        this.writer = writer;
        this.state = state;
    }

    /**
     * For writes that start something new: a submission, an instance.
     *
     * @throws StoreException when this program must not start anything new
     */
    public void requireNewWork() {
        refuse(state.refusesNewWork());
    }

    /**
     * For writes that lead to sending: a claim, an attempt.
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

    /** The index of the process's connection that it uses, from 0: each connection runs one transaction at a time. */
    public int writer() {
        return writer;
    }

    /** For SQL. */
    public Handle handle() {
        return handle;
    }

    /** For the SQL of every message. */
    public Sql sql() {
        return sql;
    }

    /** The object that all writes of this transaction share under {@code type}; the first caller creates it. */
    public <T extends BeforeCommit> T share(Class<T> type, Supplier<T> maker) {
        return type.cast(shared.computeIfAbsent(type, key -> maker.get()));
    }

    /** Signals work that is due now, so that other processes look for it. */
    public void bringsWork() {
        work = true;
    }

    public boolean hasWork() {
        return work;
    }

    /** Signals that it deletes data of which no copy may stay in the database's log. */
    public void erases() {
        erases = true;
    }

    public boolean hasErased() {
        return erases;
    }

    public void beforeCommit() {
        shared.values().forEach(each -> each.beforeCommit(this));
        sql.flush();
    }

    /** Runs {@code what} once the transaction is committed, before the callers are answered; not when it fails. */
    public void whenCommitted(Runnable what) {
        whenCommitted.add(what);
    }

    public void committed() {
        whenCommitted.forEach(Runnable::run);
    }

    /** Discards the transaction. */
    public void fail() {
        sql.drop();
    }

    /** Writes something after all other writes. */
    public interface BeforeCommit {
        /** Writes it. */
        void beforeCommit(Transaction transaction);
    }
}
