package io.sendport.host.store;

import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.Writer;
import io.sendport.host.store.sql.Sql;
import io.sendport.host.store.sql.StatementCache;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** A store on SQLite that counts what the committing thread asks of it. */
public final class CountedStore {

    private final Database real;
    private final AtomicLong statements = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong syncs = new AtomicLong();

    public CountedStore(Path file) {
        real = new Sqlite(file, false);
    }

    public Store open() {
        Database counted = proxy(Database.class, (method, arguments) -> {
            Object result = method.invoke(real, arguments);
            if (result instanceof Writer writer) {
                return counted(writer);
            }
            return result instanceof Sql sql ? new CountingSql((Handle) arguments[0], sql) : result;
        });
        return Store.open(counted, Access.CREATE);
    }

    /** SQL statements of writes, without BEGIN and COMMIT. */
    public long statements() {
        return statements.get();
    }

    /** Transactions; each is also one hand-over to the committing thread while one thread writes. */
    public long commits() {
        return commits.get();
    }

    /** Syncs of the log. */
    public long syncs() {
        return syncs.get();
    }

    private Writer counted(Writer writer) {
        return proxy(Writer.class, (method, arguments) -> {
            switch (method.getName()) {
                case "commit" -> commits.incrementAndGet();
                case "sync" -> syncs.incrementAndGet();
                default -> {
                    // What it costs is counted elsewhere, or it belongs to no message.
                }
            }
            Object result = method.invoke(writer, arguments);
            if (result instanceof Handle handle) {
                handle.getConfig(SqlStatements.class).setSqlLogger(new SqlLogger() {
                    @Override
                    public void logBeforeExecution(StatementContext context) {
                        statements.incrementAndGet();
                    }
                });
            }
            return result;
        });
    }

    @FunctionalInterface
    private interface Calling {
        @Nullable
        Object call(java.lang.reflect.Method method, @Nullable Object @Nullable [] arguments)
                throws ReflectiveOperationException;
    }

    private static <T> T proxy(Class<T> type, Calling calling) {
        InvocationHandler handler = (self, method, arguments) -> {
            try {
                return calling.call(method, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private final class CountingSql extends Sql {
        private final Sql counted;

        CountingSql(Handle handle, Sql counted) {
            super(handle.getConnection(), new StatementCache(Map.of()));
            this.counted = counted;
        }

        @Override
        public void change(Change change) {
            statements.incrementAndGet();
            counted.change(change);
        }

        @Override
        public <T> List<T> list(Reader<T> reader, String sql, @Nullable Object... values) {
            statements.incrementAndGet();
            return counted.list(reader, sql, values);
        }

        @Override
        public OptionalLong insert(String sql, @Nullable Object... values) {
            statements.incrementAndGet();
            return counted.insert(sql, values);
        }

        @Override
        public void flush() {
            counted.flush();
        }

        @Override
        public void drop() {
            counted.drop();
        }
    }
}
