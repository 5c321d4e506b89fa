package io.sendport.host.store;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** The transaction that a write is part of. Several writes share one; none may commit or roll back. */
public final class Transaction {

    private final Handle handle;
    private final Sql sql;
    private final Map<Class<?>, BeforeCommit> shared = new HashMap<>();
    private final int writer;
    private boolean work;

    Transaction(Handle handle, Sql sql, int writer) {
        this.handle = handle;
        this.sql = sql;
        this.writer = writer;
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

    boolean hasWork() {
        return work;
    }

    void beforeCommit() {
        shared.values().forEach(each -> each.beforeCommit(this));
        sql.flush();
    }

    /** Nothing of it is kept. */
    void fail() {
        sql.drop();
    }

    /** Has something to write once all others have. */
    public interface BeforeCommit {
        /** Writes it. */
        void beforeCommit(Transaction transaction);
    }
}
