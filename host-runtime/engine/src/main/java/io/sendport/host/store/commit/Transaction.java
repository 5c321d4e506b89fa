package io.sendport.host.store.commit;

import io.sendport.host.store.sql.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** The transaction that a write is part of. Several writes share one; none may commit or roll back. */
public final class Transaction {

    private final Handle handle;
    private final Sql sql;
    private final Map<Class<?>, BeforeCommit> shared = new HashMap<>();
    private final int writer;
    private final StoreState state;
    private final List<Runnable> whenCommitted = new ArrayList<>(1);
    private boolean work;

    public Transaction(Handle handle, Sql sql, int writer, StoreState state) {
        this.handle = handle;
        this.sql = sql;
        this.writer = writer;
        this.state = state;
    }

    /**
     * For what begins something new: a submission, an instance.
     *
     * @throws StoreException when this program must begin nothing new
     */
    public void requireNewWork() {
        refuse(state.refusesNewWork());
    }

    /**
     * For what leads to a mail being sent: a claim, an attempt.
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

    /** Which of the process's connections it is written over, from 0: one transaction at a time is written over each. */
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

    /** What all writes of this transaction share under {@code type}, made by the first that asks. */
    public <T extends BeforeCommit> T share(Class<T> type, Supplier<T> maker) {
        return type.cast(shared.computeIfAbsent(type, key -> maker.get()));
    }

    /** Something is due now: other processes are to look. */
    public void bringsWork() {
        work = true;
    }

    public boolean hasWork() {
        return work;
    }

    public void beforeCommit() {
        shared.values().forEach(each -> each.beforeCommit(this));
        sql.flush();
    }

    /** Runs {@code what} once the transaction is committed, before anybody is told; not when it fails. */
    public void whenCommitted(Runnable what) {
        whenCommitted.add(what);
    }

    public void committed() {
        whenCommitted.forEach(Runnable::run);
    }

    /** Nothing of it is kept. */
    public void fail() {
        sql.drop();
    }

    /** Has something to write once all others have. */
    public interface BeforeCommit {
        /** Writes it. */
        void beforeCommit(Transaction transaction);
    }
}
